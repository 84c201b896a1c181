export const derivations: {
  name: string;
  title: string;
  axes: string[];
  formula: string;
  meaning: string;
  derivation: { text: string; tex?: string }[];
  code: string;
}[] = [];
