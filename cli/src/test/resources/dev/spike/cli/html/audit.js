// What a careful reader would find wrong on the page as it is shown now, each as a sentence.
(() => {
  const shown = e => e.getBoundingClientRect().width > 0 && e.getBoundingClientRect().height > 0;
  const words = e => e.textContent.trim().slice(0, 60);
  const numbers = c => c.match(/[\d.]+/g).map(Number);
  const transparent = c => c === 'none' || numbers(c)[3] === 0;
  const light = c => {
    const v = numbers(c).slice(0, 3).map(x => x / 255)
      .map(x => x <= 0.04045 ? x / 12.92 : Math.pow((x + 0.055) / 1.055, 2.4));
    return 0.2126 * v[0] + 0.7152 * v[1] + 0.0722 * v[2];
  };
  const ratio = (a, b) => (Math.max(light(a), light(b)) + 0.05) / (Math.min(light(a), light(b)) + 0.05);
  const behind = e => {
    for (; e; e = e.parentElement) {
      const c = getComputedStyle(e).backgroundColor;
      if (!transparent(c)) return c;
    }
    return 'rgb(255, 255, 255)';
  };
  const crossing = (a, b, wide, high) =>
    Math.min(a.right, b.right) - Math.max(a.left, b.left) > wide
    && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > high;
  const faults = [];
  const width = document.documentElement.clientWidth;

  // Nothing is wider than the window, and no cell's text runs out of its cell.
  for (const e of document.querySelectorAll('main *:not(caption):not(thead *):not(thead)')) {
    const box = e.getBoundingClientRect();
    if (!e.closest('svg') && shown(e) && (box.right > width + 1 || box.left < -1)) {
      faults.push('wider than the window: ' + e.tagName + ' ' + words(e));
    }
  }
  for (const span of document.querySelectorAll('td > span, th > span')) {
    const box = span.getBoundingClientRect(), cell = span.parentElement.getBoundingClientRect();
    if (shown(span) && (box.right > cell.right + 1 || box.left < cell.left - 1)) {
      faults.push('out of its cell: ' + words(span));
    }
  }

  // WCAG 2.2: 1.4.3 for texts, 1.4.11 for what a chart is read from.
  for (const e of document.querySelectorAll('body *')) {
    const own = [...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim());
    if (!own || !shown(e) || e.tagName === 'TITLE' || e.tagName === 'DESC') continue;
    const style = getComputedStyle(e);
    const of = ratio(e.closest('svg') ? style.fill : style.color, behind(e));
    if (of < 4.5) faults.push('contrast ' + of.toFixed(2) + ': ' + words(e));
  }
  for (const e of document.querySelectorAll('svg.chart :is(.line, .level, .bar, .key-bar, .rule)')) {
    if (!shown(e.closest('svg')) || e.matches('.hatch, .estimate')) continue;
    const style = getComputedStyle(e);
    const ink = transparent(style.stroke) ? style.fill : style.stroke;
    const of = ratio(ink, behind(e));
    if (of < 3) faults.push('contrast ' + of.toFixed(2) + ' of ' + e.getAttribute('class'));
  }

  for (const svg of [...document.querySelectorAll('svg.chart')].filter(shown)) {
    const name = svg.closest('figure').id + ': ';
    const box = svg.getBoundingClientRect();
    const texts = [...svg.querySelectorAll('text')].map(t => {
      const b = t.getBoundingClientRect();
      // The letters without the room above and below them.
      const inset = b.height * 0.18;
      return {text: t.textContent, size: parseFloat(getComputedStyle(t).fontSize)
          * box.width / svg.viewBox.baseVal.width,
        box: {left: b.left, right: b.right, top: b.top + inset, bottom: b.bottom - inset}};
    });
    for (let i = 0; i < texts.length; i++) {
      const a = texts[i];
      if (a.box.left < box.left - 1 || a.box.right > box.right + 1
          || a.box.top < box.top - 1 || a.box.bottom > box.bottom + 1) {
        faults.push(name + 'cut off: ' + a.text);
      }
      if (a.text.includes('…')) faults.push(name + 'shortened: ' + a.text);
      if (a.size < 10) faults.push(name + 'letters of ' + a.size.toFixed(1) + ' px: ' + a.text);
      for (let j = i + 1; j < texts.length; j++) {
        if (crossing(a.box, texts[j].box, 1, 1)) {
          faults.push(name + 'over each other: ' + a.text + ' | ' + texts[j].text);
        }
      }
      for (const rule of svg.querySelectorAll('line.mark, line.rule')) {
        const r = rule.getBoundingClientRect();
        if (crossing(a.box, {left: r.left - 1, right: r.right + 1, top: r.top, bottom: r.bottom}, 1, 1)) {
          faults.push(name + 'a rule runs through: ' + a.text);
        }
      }
    }
    const drawn = [...svg.querySelectorAll('path.line:not(.key), path.band, rect.bar')];
    if (!drawn.some(d => d.getBBox().width + d.getBBox().height > 0)) faults.push(name + 'draws nothing');
    if (/NaN|Infinity/.test(svg.innerHTML)) faults.push(name + 'has what is no number');
    if (svg.querySelectorAll('.tick').length < 3) faults.push(name + 'has no ticks');
    const looks = new Set(drawn.map(d => d.getAttribute('class').replace('light', '').trim())
      .filter(c => c !== 'bar hatch' && !c.startsWith('band')));
    const keys = svg.querySelectorAll('.key, .key-bar').length;
    if (looks.size > 1 && keys < looks.size) faults.push(name + 'has looks without a legend');
    const axes = [...svg.querySelectorAll('.axis-title')].map(t => t.textContent);
    const wanted = svg.querySelector('rect.bar') ? 1 : 2;
    const units = /connections|nodes|tickets|seconds|per second|clients|USD|UTC/;
    if (axes.length !== wanted || !axes.every(a => units.test(a))) {
      faults.push(name + 'axes without a unit: ' + axes);
    }
    const spoken = svg.getAttribute('aria-labelledby').split(' ').map(id => document.getElementById(id));
    if (spoken.length < 2 || spoken.some(e => !e || !e.textContent.trim())) {
      faults.push(name + 'is not told in words');
    }
    if (box.width < 200 || box.height < 80) faults.push(name + 'is too small');
  }

  // One picture of each chart is shown, and its numbers stand in a table.
  for (const figure of document.querySelectorAll('figure')) {
    const pictures = [...figure.querySelectorAll('svg.chart')].filter(shown).length;
    if (pictures !== 1) faults.push(figure.id + ': shown ' + pictures + ' times');
    if (!figure.closest('section').querySelector('table')) faults.push(figure.id + ': no table');
  }
  return [...new Set(faults)];
})()
