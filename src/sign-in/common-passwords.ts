/**
 * What people type when they are asked for something long: sequences, one word over again, and well-known words with
 * something simple before or behind. Compared without case, digits-for-letters undone.
 */
const WORDS = (
  'password passwort passw0rd motdepasse contrasena administrator admin welcome willkommen bienvenue bienvenido letmein ' +
  'qwerty qwertz azerty iloveyou monkey dragon football baseball basketball superman batman princess sunshine shadow ' +
  'master michael jennifer jordan charlie computer internet secret geheim changeme default trustno hello summer winter ' +
  'spring autumn sommer herbst januar january february march april june july august september october november december ' +
  'starwars pokemon whatever freedom flower cheese liverpool chelsea arsenal barcelona juventus killer hunter ranger ' +
  'login access system server company office test testing user username guest root sailpoint sallyport identity security'
).split(' ')

const RUNS = [
  'abcdefghijklmnopqrstuvwxyz',
  '01234567890123456789',
  'qwertyuiopasdfghjklzxcvbnm',
  'qwertzuiopasdfghjklyxcvbnm',
  'azertyuiopqsdfghjklmwxcvbn',
  '1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p',
  '1q2w3e4r5t6z7u8i9o0p',
  '1q2w3e4r5t6y7u8i9o0p',
  '0987654321098765432109876543210',
  'zyxwvutsrqponmlkjihgfedcba',
]

const PHRASES = new Set([
  'correcthorsebatterystaple',
  'thisisapassword',
  'thisismypassword',
  'iloveyousomuch',
  'iloveyouforever',
  'ihatepasswords',
  'iforgotmypassword',
  'nevergonnagiveyouup',
  'maytheforcebewithyou',
  'opensesame',
  'opensesamestreet',
  'whatisthepassword',
  'pleaseletmein',
  'thequickbrownfox',
  'tobeornottobe',
  'loremipsumdolor',
  'onceuponatime',
])

const DISGUISES: Record<string, string> = {
  '0': 'o',
  '1': 'i',
  '3': 'e',
  '4': 'a',
  '5': 's',
  '7': 't',
  '@': 'a',
  $: 's',
}
/** Of the letters and digits of a password, how many may be left when known pieces are taken away. */
const OWN_CHARACTERS_MIN = 6
const PIECE_MIN = 3

/** True for a password that is among the first that anybody would try. */
export function isCommonPassword(password: string): boolean {
  const plain = simplify(password)
  const undisguised = simplify(password.replace(/[013457@$]/g, (character) => DISGUISES[character] ?? character))
  if (PHRASES.has(plain) || PHRASES.has(undisguised)) return true
  if (new Set(plain).size < 5 || isRepetition(plain)) return true
  return [plain, undisguised].some((text) => withoutKnown(text).length < OWN_CHARACTERS_MIN)
}

const simplify = (text: string): string => text.toLowerCase().replace(/[\s\p{P}$+<=>^`|~]/gu, '')

/** `abcabcabcabc`: a short piece over and over. */
function isRepetition(text: string): boolean {
  for (let length = 1; length <= text.length / 2; length += 1)
    if (text.length % length === 0 && text.slice(0, length).repeat(text.length / length) === text) return true
  return false
}

/** What is left of a text without well-known words, runs along the alphabet or the keyboard, and years. */
function withoutKnown(text: string): string {
  let rest = text
  for (const word of WORDS) if (word.length > PIECE_MIN) rest = rest.replaceAll(word, '')
  rest = rest.replace(/(?:19|20)\d\d/g, '')
  let own = ''
  for (let at = 0; at < rest.length; ) {
    const run = runAt(rest, at)
    if (run >= PIECE_MIN) at += run
    else own += rest.charAt(at++)
  }
  return own
}

/** How many characters from `start` on follow the alphabet, the digits, the keyboard, or repeat one. */
function runAt(text: string, start: number): number {
  let longest = 1
  while (text[start + longest] === text[start]) longest += 1
  for (const run of RUNS) {
    let length = 1
    while (start + length < text.length && run.includes(text.slice(start, start + length + 1))) length += 1
    longest = Math.max(longest, length)
  }
  return longest
}
