// A formula that was set while the site was built.

import { useEffect, useRef } from 'preact/hooks';

/** MathML, as the page's own content has it. Where it is wider than its place, the keyboard can scroll it. */
export function Formula({ mathml }: { mathml: string }) {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const observer = new ResizeObserver(([entry]) => {
      const { target } = entry!;
      if (target.scrollWidth > target.clientWidth) target.setAttribute('tabindex', '0');
      else target.removeAttribute('tabindex');
    });
    observer.observe(place.current!);
    return () => observer.disconnect();
  }, [mathml]);
  return <div ref={place} class="formula" dangerouslySetInnerHTML={{ __html: mathml }} />;
}
