// Moves the code of a one-time link from the address into the form, and out of the address bar and the history. Without
// this script the code is pasted by hand.
const field = document.querySelector('[data-code]')
const input = field?.querySelector('input')
const code = location.hash.slice(1)
if (input && code !== '') {
  input.value = code
  field.hidden = true
  history.replaceState(null, '', location.pathname)
}
