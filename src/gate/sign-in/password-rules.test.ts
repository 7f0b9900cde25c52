import { expect, test } from 'vitest'
import { passwordProblem } from './password-rules.ts'

const ada = { email: 'ada.byron@example.com', name: 'Ada Byron' }

test.each(['seven purple lanterns', 'пароль для входа', 'correct horse battery', 'x7Qm2LpT9vRa'])(
  'the password "%s" is taken',
  password => {
    expect(passwordProblem(password, ada)).toBeUndefined()
  },
)

test.each([
  ['elevenchars', 'at least 12 characters; this one has 11'],
  ['x'.repeat(6) + 'y1z2'.repeat(31), 'at most 128'],
  ['123456789012', 'among the first'],
  ['Password1234', 'among the first'],
  ['ｐａｓｓｗｏｒｄ１２３４', 'among the first'],
  ['correct horse battery staple', 'among the first'],
  ['aaaaaaaaaaaaaaaa', 'among the first'],
  ['abababababababab', 'among the first'],
  ['ada.byron@example.com', 'your name or e-mail'],
  ['AdaByron2026', 'your name or e-mail'],
  ['byron-ada-byron!', 'your name or e-mail'],
])('the password "%s" is refused, with the reason', (password, why) => {
  expect(passwordProblem(password, ada)).toContain(why)
})
