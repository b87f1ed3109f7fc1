/** What ECMAScript itself has, and both engines have alike. */
export const BUILT_IN: ReadonlySet<string> = new Set(
  `undefined NaN Infinity Object Array String Number Boolean BigInt Symbol Math JSON Date RegExp Map Set WeakMap WeakSet
   Error TypeError RangeError SyntaxError ReferenceError EvalError URIError AggregateError Promise Proxy Reflect
   ArrayBuffer DataView Int8Array Uint8Array Uint8ClampedArray Int16Array Uint16Array Int32Array Uint32Array
   Float32Array Float64Array BigInt64Array BigUint64Array Iterator
   parseInt parseFloat isNaN isFinite encodeURIComponent decodeURIComponent encodeURI decodeURI
   Timestamp`.split(/\s+/),
);

/** What is there, but must not be used: the reason, and what to do. */
export const BARRED: ReadonlyMap<string, readonly [why: string, instead: string]> = new Map(
  Object.entries({
    console: ['what it prints on a cluster nobody sees', 'take it out, or give what you want to see as a column'],
    Intl: ['its words differ from engine to engine', 'write the form yourself: padStart, toFixed, replace'],
    eval: ['it is switched off there', 'write the code itself'],
    Function: ['it is switched off there', 'write the function itself'],
    globalThis: ['what is in it differs from engine to engine', 'name what you need, and capture it'],
    WeakRef: ['when it lets go differs from run to run', 'use a plain variable'],
    FinalizationRegistry: ['when it calls differs from run to run', 'take it out'],
    SharedArrayBuffer: ['the subtasks of a job share no memory', 'use an ArrayBuffer'],
    Atomics: ['the subtasks of a job share no memory', 'use a plain variable'],
  } as const),
);

/** What Node has beside ECMAScript. */
export const OF_NODE: ReadonlySet<string> = new Set(
  `setTimeout setInterval setImmediate clearTimeout clearInterval clearImmediate queueMicrotask fetch process Buffer URL
   URLSearchParams structuredClone crypto performance TextEncoder TextDecoder AbortController AbortSignal Blob File
   FormData Headers Request Response WebSocket EventTarget Event MessageChannel BroadcastChannel WebAssembly atob btoa
   global module __dirname __filename navigator`.split(/\s+/),
);

/** What reads the clock or dice: `Math.random`. */
export const IMPURE: ReadonlyMap<string, string> = new Map(
  Object.entries({
    'Math.random': 'it gives another number each time',
    'Date.now': 'it gives another time each time',
  }),
);

/** Methods of Date that read the zone of the machine, and what reads UTC. */
const LOCAL_DATE =
  /^((get|set)(FullYear|Month|Date|Day|Hours|Minutes|Seconds|Milliseconds)|getYear|setYear|getTimezoneOffset|toDateString|toTimeString)$/;

/** Why a method cannot be called, and what to call. */
export function barredMethod(name: string): readonly [why: string, instead: string] | undefined {
  if (LOCAL_DATE.test(name)) {
    const utc = /^[gs]et(?!Year|Timezone)/.test(name) ? name.replace(/^([gs]et)/, '$1UTC') : 'toISOString';
    return ['it reads the time zone of the machine', `use ${utc}(), which is the same everywhere`];
  }
  if (name.startsWith('toLocale')) {
    const plain = /^toLocale(Upper|Lower)Case$/.test(name) ? `${name.replace('Locale', '')}()` : undefined;
    return [
      'its result depends on the language of the machine',
      `use ${plain ?? 'toFixed(), padStart(), toISOString()'}`,
    ];
  }
  if (name === 'localeCompare') {
    return ['its result depends on the language of the machine', 'compare with < and >'];
  }
  return undefined;
}
