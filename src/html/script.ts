// What the page does when it is used: the cursor over heat maps, and sections that open when they are gone to. It is text because it
// runs in the page that the report becomes.

/** The page's script. It has no `<` followed by a letter or a slash, so that it can stand in a page as it is. */
export const script: string = `
'use strict';
(() => {
  document.documentElement.classList.add('scripted');

  const numbers = (text, bytes) => {
    const data = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
    const view = new DataView(data.buffer);
    return Array.from({ length: data.length / bytes }, (_, i) =>
      bytes === 8 ? view.getFloat64(8 * i, true) : view.getFloat32(4 * i, true));
  };
  const integers = (text) => {
    const data = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
    const view = new DataView(data.buffer);
    return Array.from({ length: data.length / 4 }, (_, i) => view.getUint32(4 * i, true));
  };
  const figure = (value, digits) => {
    if (value === 0) return '0';
    if (!Number.isFinite(value)) return Number.isNaN(value) ? 'NaN' : value > 0 ? '∞' : '−∞';
    const short = Number(value.toPrecision(digits));
    const exponent = Math.floor(Math.log10(Math.abs(short)));
    const text = exponent > digits + 1 || -4 > exponent ? short.toExponential().replace('+', '') : String(short);
    return text.replaceAll('-', '−');
  };
  const indexOf = (place, shape) => {
    const index = [];
    for (let axis = shape.length - 1, rest = place; axis >= 0; axis--) {
      index.unshift(rest % shape[axis]);
      rest = Math.floor(rest / shape[axis]);
    }
    return '[' + index.join(', ') + ']';
  };

  for (const group of document.querySelectorAll('.maps')) {
    const { columns: c, cells: n, first, shape: sizes, bytes, places } = group.dataset;
    const [columns, cells] = [Number(c), Number(n)];
    const rows = Math.ceil(cells / columns);
    const shape = sizes === '' ? [] : sizes.split(',').map(Number);
    const row = group.querySelector('.map-row');
    const maps = [...group.querySelectorAll('.map')];
    const read = group.querySelector('.readout');
    let [at, data, shared] = [Number(first), undefined, undefined];

    const go = (cell) => {
      at = Math.max(0, Math.min(cells - 1, cell));
      data ??= maps.map((map) => numbers(map.dataset.values, Number(bytes)));
      shared ??= places === undefined ? null : integers(places);
      for (const map of maps) {
        const cursor = map.querySelector('.cursor');
        cursor.setAttribute('x', at % columns);
        cursor.setAttribute('y', Math.floor(at / columns));
        cursor.setAttribute('visibility', 'visible');
      }
      read.querySelector('.place').textContent = indexOf(shared === null ? at : shared[at], shape);
      read.querySelectorAll('b').forEach((value, i) => {
        value.textContent = figure(data[i][at], Number(value.dataset.digits));
      });
    };
    const pointed = (event) => {
      const map = event.target.closest('.map');
      if (map === null) return;
      const box = map.getBoundingClientRect();
      const place = (share, count) => Math.max(0, Math.min(count - 1, Math.floor(share * count)));
      const y = place((event.clientY - box.top) / box.height, rows);
      go(y * columns + place((event.clientX - box.left) / box.width, columns));
    };
    row.addEventListener('pointermove', pointed);
    row.addEventListener('pointerdown', pointed);
    row.addEventListener('keydown', (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const [x, start] = [at % columns, at - (at % columns)];
      const moves = {
        ArrowLeft: () => (x > 0 ? at - 1 : at),
        ArrowRight: () => (x + 1 < columns ? at + 1 : at),
        ArrowUp: () => (at >= columns ? at - columns : at),
        ArrowDown: () => (at + columns < cells ? at + columns : at),
        Home: () => start,
        End: () => start + columns - 1,
        Escape: () => Number(first),
      };
      if (!Object.hasOwn(moves, event.key)) return;
      event.preventDefault();
      go(moves[event.key]());
    });
    row.addEventListener('focus', () => {
      if (row.matches(':focus-visible')) go(at);
    });
  }

  const sections = [...document.querySelectorAll('.gradient')];
  const openTarget = () => {
    const target = document.getElementById(location.hash.slice(1));
    if (target instanceof HTMLDetailsElement) {
      target.open = true;
      target.scrollIntoView();
      target.querySelector('summary').focus({ preventScroll: true });
    }
  };
  addEventListener('hashchange', openTarget);
  openTarget();
  // A link to the section that is in the address already changes nothing there.
  addEventListener('click', (event) => {
    const link = event.target.closest?.('a[href^="#g"]');
    if (link?.getAttribute('href') === location.hash) openTarget();
  });
  for (const button of document.querySelectorAll('[data-all]')) {
    button.addEventListener('click', () => {
      for (const section of sections) section.open = button.dataset.all === 'open';
    });
  }
})();
`;
