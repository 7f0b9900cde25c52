// What somebody might call a document, a client or themselves in the hope that a page runs it. None of it may become an
// element, leave the page, or do anything at all. Whatever runs sets window.pwned, asks for /pwned, or opens a dialog.

export const HOSTILE_LINES: readonly string[] = [
  '<script>window.pwned=1;alert(1)</script>',
  '</script><script src=/pwned.js></script>',
  '<img src=x onerror=alert(1)>',
  '<img src=/pwned.png>',
  '"><img src=/pwned.png onerror=window.pwned=1>',
  "' autofocus onfocus='alert(1)",
  '<svg onload=alert(1)><circle r=9 /></svg>',
  '<svg><script>alert(1)</script></svg>',
  '<svg><animate onbegin=alert(1) attributeName=x dur=1s>',
  '<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>',
  '<iframe src="javascript:alert(1)"></iframe>',
  '<iframe srcdoc="<script>parent.pwned=1</script>"></iframe>',
  '<object data="/pwned"></object><embed src=/pwned>',
  '<base href="https://evil.example/">',
  '<meta http-equiv=refresh content="0;url=https://evil.example/">',
  '<link rel=stylesheet href=https://evil.example/pwned.css>',
  '<style>*{background:url(https://evil.example/pwned)}</style>',
  '<form action=https://evil.example/pwned><button>Sign in</button></form>',
  '<details open ontoggle=alert(1)>x</details>',
  '<a href="javascript:alert(1)">press</a>',
  '[press](javascript:alert(1))',
  '[press](JaVaScRiPt&colon;alert(1))',
  '[press](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)',
  '[press](vbscript:msgbox(1))',
  '![picture](https://evil.example/pwned.png)',
  '![picture][1] [1]: https://evil.example/pwned.png "t"',
  '<https://evil.example/pwned> <javascript:alert(1)>',
  '[a](https://evil.example/" onmouseover="alert(1))',
  '```html\n<img src=/pwned.png>\n```',
  '&lt;img src=x onerror=alert(1)&gt; &#60;script&#62;',
  '\\u003cimg src=x onerror=alert(1)\\u003e',
  // In two pieces, or it looks like a template of ours.
  ['{{constructor.constructor("alert(1)")()}} $', '{alert(1)} <%= 7*7 %> #{7*7}'].join(''),
  '__proto__[pwned]=1 constructor.prototype',
  'javascript:/*--></title></style></textarea></script><svg/onload=alert(1)>',
  '\u202egnp.exe \u2066hidden\u2069 \u200b\u200d\ufeff bidi',
  'W'.repeat(400),
]

/** In the page: what such a line has become. */
export const WHAT_IT_BECAME = `(() => {
  const made = [...document.querySelectorAll('body *')].filter(element => {
    const names = element.getAttributeNames()
    if (names.some(name => name.startsWith('on') || name === 'srcdoc')) return true
    if (/^(IFRAME|OBJECT|EMBED|BASE|META|LINK|STYLE|MATH|MARQUEE|AUDIO|VIDEO)$/i.test(element.tagName)) return true
    if (element.tagName === 'SCRIPT') return !element.src.startsWith(location.origin + '/app/assets/')
    if (element.tagName === 'IMG') return !element.src.startsWith(location.origin + '/app/icon')
    const link = element.getAttribute('href') ?? element.getAttribute('action') ?? element.getAttribute('xlink:href')
    if (link === null) return false
    const url = new URL(link, location.href)
    if (url.origin === location.origin || url.protocol === 'blob:') return false
    const rel = element.getAttribute('rel') ?? ''
    return !/^https?:$/.test(url.protocol) || !['noreferrer', 'noopener', 'nofollow'].every(word => rel.includes(word))
  }).map(element => element.outerHTML.slice(0, 200))
  return window.pwned === undefined ? made : ['window.pwned', ...made]
})()`
