// Functions on vectors, each with its stated bound. Neither build fuses a product with a sum in them.

export { exp } from './exp';
export { log } from './log';
export { pow, powNarrow } from './pow';
export { tanh } from './tanh';
