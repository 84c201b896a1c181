// A formula that was set while the site was built.

/** MathML, as the page's own content has it. */
export function Formula({ mathml }: { mathml: string }) {
  return <div class="formula" dangerouslySetInnerHTML={{ __html: mathml }} />;
}
