// A formula that was set while the site was built.

/** MathML, as the page's own content has it. */
export function Formula({ mathml }: { mathml: string }) {
  // biome-ignore lint/security/noDangerouslySetInnerHtml: text of this site, set while it was built
  return <div class="formula" dangerouslySetInnerHTML={{ __html: mathml }} />;
}
