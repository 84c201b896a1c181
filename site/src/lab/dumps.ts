// Files of tensors, compared.

import { parseSafetensors } from 'handgrad';
import { compareTensors, type HtmlReport } from 'handgrad/report';
import type { Dump, Dumps } from './protocol.js';

/** What is found out about the candidate's tensors. Throws FormatError, with the name of the file, for what is no safetensors file. */
export function compared({ candidate, reference, truth }: Dumps): HtmlReport {
  const [own, expected] = [tensorsOf(candidate), tensorsOf(reference)];
  const name = `${candidate.name}, held against ${reference.name}`;
  return { ...compareTensors(own, expected, { name, ...(truth && { truth: tensorsOf(truth) }) }) };
}

const tensorsOf = ({ name, bytes }: Dump) => parseSafetensors(bytes, name).tensors;
