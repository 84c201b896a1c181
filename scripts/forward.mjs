// Has both builds export kernels themselves: a function of assembly/exports.ts that only hands its parameters on is left out.
import { readFileSync, writeFileSync } from 'node:fs';
import binaryen from 'assemblyscript/binaryen';

/** The function that a wrapper calls, when all that it does is hand on its parameters in their order. */
function callee(wrapper) {
  const { body, params } = binaryen.getFunctionInfo(wrapper);
  const { id, target, operands } = binaryen.getExpressionInfo(body);
  if (id !== binaryen.CallId || operands.length !== binaryen.expandType(params).length) return undefined;
  const given = operands.map((operand) => binaryen.getExpressionInfo(operand));
  return given.every((value, i) => value.id === binaryen.LocalGetId && value.index === i) ? target : undefined;
}

for (const file of ['core.wasm', 'core.relaxed.wasm']) {
  const url = new URL(`../build/${file}`, import.meta.url);
  const module = binaryen.readBinary(readFileSync(url));
  module.setFeatures(binaryen.Features.All);
  const exported = Array.from({ length: module.getNumExports() }, (_, i) => module.getExportByIndex(i));
  for (const { name, kind, value } of exported.map(binaryen.getExportInfo)) {
    const kernel = kind === binaryen.ExternalFunction ? callee(module.getFunction(value)) : undefined;
    if (kernel === undefined) continue;
    module.removeExport(name);
    module.addFunctionExport(kernel, name);
  }
  module.runPasses(['remove-unused-module-elements']);
  writeFileSync(url, module.emitBinary());
}
