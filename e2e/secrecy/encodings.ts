// The forms in which a credential travels through other people's texts: what webhooks, proxies, loggers
// and Kubernetes itself make of it. Written apart from the operator's redactor, so as to find its gaps.

/** Of the same name are those that differ in where the text falls on a grid, or in small letters. */
export interface Form {
  readonly encoding: string;
  readonly text: string;
  /** Characters: so many in a row do not turn up by chance. */
  readonly telling: number;
}

export function formsOf(secret: string): Form[] {
  const texts = plainForms(secret);
  // What is in JSON is often put into base64, a docker config above all.
  return [...texts, ...texts.flatMap(({ encoding, text }) => byteForms(text, encoding))];
}

function plainForms(secret: string): Form[] {
  const json = JSON.stringify(secret).slice(1, -1);
  const url = encodeURIComponent(secret);
  const texts: [string, string][] = [
    ['as it is', secret],
    ['in JSON', json],
    ['in JSON as Go writes it', asGo(json)],
    ['in JSON in JSON', JSON.stringify(json).slice(1, -1)],
    ['in JSON in JSON as Go writes it', asGo(JSON.stringify(asGo(json)).slice(1, -1))],
    ['in a URL', url],
    ['in a URL', url.toLowerCase()],
    ['in the user part of a URL', userPart(secret)],
    ['in a form', new URLSearchParams([['', secret]]).toString().slice(1)],
    ['in HTML', secret.replace(/[<>&"']/g, one => `&#${one.charCodeAt(0)};`)],
    ['in HTML', secret.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;')],
  ];
  return distinct(texts.map(([encoding, text]) => ({ encoding, text, telling: 8 })));
}

function byteForms(text: string, within: string): Form[] {
  const bytes = Buffer.from(text);
  const hex = bytes.toString('hex');
  const named = (encoding: string) => (within === 'as it is' ? encoding : `${within}, ${encoding}`);
  const base64 = [0, 1, 2].flatMap(shift => {
    const form = onGrid(bytes, shift);
    const url = form.replaceAll('+', '-').replaceAll('/', '_');
    return [
      { encoding: named('in base64'), text: form, telling: 8 },
      { encoding: named('in base64 for URLs'), text: url, telling: 8 },
      { encoding: named('in base64 in a URL'), text: encodeURIComponent(form), telling: 10 },
      // What kubectl shows of a Secret that was made from another one's base64.
      ...[0, 1, 2].map(again => ({
        encoding: named('in base64 in base64'),
        text: onGrid(Buffer.from(form), again),
        telling: 10,
      })),
    ];
  });
  return distinct([
    ...base64,
    { encoding: named('in hex'), text: hex, telling: 16 },
    { encoding: named('in hex'), text: hex.toUpperCase(), telling: 16 },
    { encoding: named('in hex, byte by byte'), text: hex.replace(/..(?=.)/g, '$& '), telling: 24 },
    { encoding: named('as decimal bytes'), text: bytes.join(' '), telling: 24 },
    { encoding: named('as decimal bytes'), text: bytes.join(','), telling: 24 },
    { encoding: named('as decimal bytes'), text: bytes.join(', '), telling: 24 },
    { encoding: named('as hexadecimal bytes'), text: [...bytes].map(hexByte).join(', '), telling: 24 },
  ]);
}

const hexByte = (byte: number): string => `0x${byte.toString(16)}`;

/** What any base64 shows of these bytes when `shift` (of three) bytes stand before them on the grid. */
function onGrid(bytes: Buffer, shift: number): string {
  const text = Buffer.concat([Buffer.alloc(shift), bytes]).toString('base64');
  return text.slice(Math.ceil((shift * 8) / 6), Math.floor(((shift + bytes.length) * 8) / 6));
}

const asGo = (json: string): string =>
  json.replace(/[<>&]/g, one => `\\u00${one.charCodeAt(0).toString(16)}`);

function userPart(secret: string): string {
  const url = new URL('http://host');
  url.password = secret;
  return url.password;
}

function distinct(forms: readonly Form[]): Form[] {
  return [...new Map(forms.toReversed().map(form => [form.text, form])).values()].reverse();
}
