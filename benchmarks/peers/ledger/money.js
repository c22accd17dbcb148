// Amounts in major units, with exactly the digits of their currency.

const DIGITS = Object.fromEntries([
  ...['BIF', 'CLP', 'DJF', 'GNF', 'ISK', 'JPY', 'KMF', 'KRW', 'PYG', 'RWF', 'UGX', 'UYI', 'VND', 'VUV', 'XAF', 'XOF',
    'XPF'].map(code => [code, 0]),
  ...['BHD', 'IQD', 'JOD', 'KWD', 'LYD', 'OMR', 'TND'].map(code => [code, 3]),
  ...['CLF', 'UYW'].map(code => [code, 4])
])

/** Minor units as `{ amount: "1234.50", currency }`. */
export function money (minor, currency) {
  const digits = DIGITS[currency] ?? 2
  if (digits === 0) return { amount: String(minor), currency }
  const text = String(Math.abs(minor)).padStart(digits + 1, '0')
  return { amount: `${minor < 0 ? '-' : ''}${text.slice(0, -digits)}.${text.slice(-digits)}`, currency }
}
