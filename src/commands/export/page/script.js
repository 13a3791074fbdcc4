(() => {
  const lost = document.getElementById('lost');
  const said = document.getElementById('said');
  const main = () => document.querySelector('main');
  let title = document.title;
  let seen = main().innerHTML;
  let answered = Date.now();
  let skew = 0;
  let waited = 0;

  const span = ms => {
    const s = Math.max(0, Math.round(ms / 1000));
    if (s < 60) return s + ' s';
    if (s < 5400) return Math.round(s / 60) + ' min';
    if (s < 172800) return Math.round(s / 3600) + ' h';
    return Math.round(s / 86400) + ' days';
  };

  const ages = () => {
    for (const time of document.querySelectorAll('time[data-age]')) {
      time.nextElementSibling.textContent = ' (' + span(Date.now() + skew - Date.parse(time.dateTime)) + ' ago)';
    }
    if (!lost.hidden) {
      lost.textContent = 'No answer from the exporter for ' + span(Date.now() - answered)
        + '. What is shown is from before, and may no longer be so.';
    }
  };

  const answers = yes => {
    lost.hidden = yes;
    document.body.classList.toggle('lost', !yes);
    document.title = yes ? title : '? ' + title;
  };

  // The same element in another version of the page.
  const path = element => {
    if (element.id) return '#' + CSS.escape(element.id);
    if (element.matches('summary')) return path(element.parentElement) + '>summary';
    const href = element.getAttribute('href');
    return href ? (element.closest('[id]') ? path(element.closest('[id]')) + ' ' : '') + 'a[href="' + CSS.escape(href) + '"]' : null;
  };

  const replace = page => {
    const old = main();
    const fresh = page.querySelector('main');
    for (const details of old.querySelectorAll('details')) {
      const same = fresh.querySelector(path(details));
      if (same) same.open = details.open;
    }
    const active = document.activeElement;
    const focus = old.contains(active) ? path(active) : null;
    const [x, y] = [scrollX, scrollY];
    const panel = document.querySelector(':target');
    const top = panel ? panel.scrollTop : 0;
    old.replaceWith(fresh);
    if (panel) {
      // The new element is the target only after it was gone to.
      location.replace(location.hash);
      const same = document.getElementById(panel.id);
      if (same) same.scrollTop = top;
    }
    const same = focus && document.querySelector(focus);
    if (same) same.focus({preventScroll: true});
    scrollTo(x, y);
    if (title !== page.title) said.textContent = page.title;
    title = page.title;
  };

  const refresh = async () => {
    try {
      const response = await fetch(location.pathname, {cache: 'no-store', signal: AbortSignal.timeout(10000)});
      if (!response.ok) throw new Error(response.status);
      const text = await response.text();
      skew = (Date.parse(response.headers.get('date')) || Date.now()) - Date.now();
      answered = Date.now();
      const page = new DOMParser().parseFromString(text, 'text/html');
      if (page.querySelector('style').textContent !== document.querySelector('style').textContent) return location.reload();
      const now = page.querySelector('main').innerHTML;
      // What somebody is about to copy stays for a while.
      if (now !== seen && (getSelection().isCollapsed || ++waited > 4)) {
        replace(page);
        seen = now;
        waited = 0;
      }
      answers(true);
    } catch {
      answers(false);
    }
    ages();
  };

  addEventListener('keydown', event => {
    const panel = event.key === 'Escape' && document.querySelector('.drive:target');
    if (panel) {
      location.replace('#-');
      document.querySelector('a.bay[href="#' + panel.id + '"]').focus();
    }
  });
  addEventListener('visibilitychange', () => document.hidden || refresh());
  setInterval(refresh, 15000);
  setInterval(ages, 5000);
  ages();
  refresh();
})();
