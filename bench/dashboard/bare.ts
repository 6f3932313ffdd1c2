// The least that a table of so many rows can be: those in view, drawn by hand as the page is scrolled. Nobody changes.

/** A document that draws it, with what scrolls called as in the dashboard. */
export const barePage = (rows: number): string => `<!doctype html>
<style>
  body { margin: 0; font: 14px system-ui; }
  [data-testid=rows] { height: 100vh; overflow-y: auto; }
  .rows { position: relative; height: ${rows * 48}px; }
  .row { position: absolute; left: 0; right: 0; height: 48px; display: grid; grid-template-columns: 3fr 2fr 1fr; }
</style>
<div data-testid="rows"><div class="rows"></div></div>
<script>
  const part = document.querySelector('[data-testid=rows]');
  const inside = part.firstElementChild;
  const draw = () => {
    const first = Math.max(0, Math.floor(part.scrollTop / 48) - 8);
    const last = Math.min(${rows - 1}, Math.ceil((part.scrollTop + part.clientHeight) / 48) + 8);
    const drawn = [];
    for (let row = first; row <= last; row += 1) {
      const element = document.createElement('div');
      element.className = 'row';
      element.dataset.user = 'user-' + row;
      element.style.top = row * 48 + 'px';
      for (const text of ['Ada Lovelace ' + row, 'Online', 'just now']) {
        element.append(Object.assign(document.createElement('span'), { textContent: text }));
      }
      drawn.push(element);
    }
    inside.replaceChildren(...drawn);
  };
  part.addEventListener('scroll', draw, { passive: true });
  draw();
</script>`;
