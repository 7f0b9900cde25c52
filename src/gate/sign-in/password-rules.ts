// Which passwords are taken: long ones. No rules about digits and signs, which make people choose worse ones
// (NIST SP 800-63B, 3.1.1.2); those that everybody tries first are refused.

const MIN_LENGTH = 12
export const MAX_PASSWORD_LENGTH = 128
/** What must be left of a password once its owner's name and address are taken out of it. */
const MIN_OWN = 8

/** The worst of those that are long enough, in the spelling of `folded`. */
const WORST = new Set(
  `123456789012 1234567890123 12345678901234 123456789123 123123123123 012345678910 987654321098 0123456789ab
  abcdefghijkl abcdefghijklm abcd12345678 abc123abc123 aaaaaaaaaaaa qwertyuiop12 qwertyuiop123 qwertyuiopas
  qwertyuiopasdf qwertyuiopasdfgh qwertyuiopasdfghjkl qwertyqwerty qwerty123456 qwerty1234567 qwertzuiop12 azertyuiop12
  1q2w3e4r5t6y 1q2w3e4r5t6y7u 1qaz2wsx3edc 1qaz2wsx3edc4rfv zaq12wsxcde3 q1w2e3r4t5y6 asdfghjkl123 asdfghjklzxc
  zxcvbnm12345 password1234 password12345 password123456 password123! passwordpassword mypassword123 newpassword1
  newpassword123 passw0rd1234 p@ssw0rd1234 p@ssword1234 pa55word1234 password2024 password2025 password2026
  letmeinletmein letmein12345 letmeinplease welcome12345 welcome123456 welcomewelcome changeme1234 changemechangeme
  changemenow! administrator administrator1 admin1234567 adminadminadmin admin123admin123 rootrootroot
  iloveyou1234 iloveyouiloveyou iloveyousomuch sunshine1234 princess1234 football1234 baseball1234 superman1234
  trustno1trustno1 correcthorsebatterystaple monkeymonkey dragondragon masterpassword secretpassword
  gatehousegatehouse gatehouse123 gatehouse1234 defaultpassword temppassword temporary123 testtesttest test12345678
  testpassword companypassword summer2024summer whateverwhatever`.split(/\s+/),
)

/** Whose password it would be. */
export interface PasswordOwner {
  readonly email: string
  readonly name: string
}

/** A sentence that says what is wrong with a new password, or undefined. */
export function passwordProblem(password: string, owner: PasswordOwner): string | undefined {
  const { length } = Array.from(password.normalize('NFKC'))
  if (length < MIN_LENGTH) return `A password has at least ${MIN_LENGTH} characters; this one has ${length}.`
  if (length > MAX_PASSWORD_LENGTH) return `A password has at most ${MAX_PASSWORD_LENGTH} characters.`
  const plain = folded(password)
  if (WORST.has(plain) || new Set(plain).size < 4)
    return 'This password is among the first that are tried; choose another.'
  if (withoutOwner(plain, owner).length < MIN_OWN)
    return 'This password is little more than your name or e-mail address; choose another.'
  return undefined
}

function withoutOwner(plain: string, { email, name }: PasswordOwner): string {
  const address = folded(email)
  const parts = [address, ...address.split(/[@.+_-]/), ...name.split(/\s+/).map(folded)]
  const known = parts.filter(part => part.length >= 3).toSorted((one, other) => other.length - one.length)
  return known.reduce((rest, part) => rest.replaceAll(part, ''), plain)
}

const folded = (text: string): string => text.normalize('NFKC').toLowerCase().replaceAll(/\s/g, '')
