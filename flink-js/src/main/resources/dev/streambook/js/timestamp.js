// The class Timestamp of the engine in Node (core/values/timestamp.ts), for functions inside Flink. An expression.
(() => {
  const DAY_MS = 86400000;
  const FORM =
    /^([+-]?\d{1,6})-(\d{1,2})-(\d{1,2})(?:[ T](\d{1,2}):(\d{1,2})(?::(\d{1,2})(?:\.(\d{1,9}))?)?)?(Z|[+-]\d{2}(?::?\d{2})?)?$/;
  const two = (n) => (n < 10 ? `0${n}` : String(n));

  function dayOf(year, month, day) {
    // Every 400 years are alike: also those beyond what a Date reaches.
    const era = Math.floor(year / 400);
    const date = new Date(0);
    date.setUTCFullYear(year - era * 400 + 2000, month - 1, day);
    if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return undefined;
    return date.getTime() / DAY_MS + (era - 5) * 146097;
  }

  function dateText(day) {
    const era = Math.floor(day / 146097);
    const date = new Date((day - era * 146097) * DAY_MS);
    const year = date.getUTCFullYear() + era * 400;
    const size = String(Math.abs(year)).padStart(4, '0');
    const signed = year < 0 ? `-${size}` : year > 9999 ? `+${size}` : size;
    return `${signed}-${two(date.getUTCMonth() + 1)}-${two(date.getUTCDate())}`;
  }

  function offsetMs(zone) {
    if (zone === undefined || zone === 'Z') return 0;
    const hours = Number(zone.slice(1, 3));
    const minutes = Number(zone.slice(3).replace(':', '') || 0);
    if (hours > 18 || minutes > 59) return undefined;
    return (zone.charCodeAt(0) === 45 ? -1 : 1) * (hours * 60 + minutes) * 60000;
  }

  return class Timestamp {
    constructor(ms, nanosOfMs) {
      this.ms = ms;
      this.nanosOfMs = nanosOfMs;
      Object.freeze(this);
    }

    static ofMs(ms, nanosOfMs = 0) {
      if (!Number.isSafeInteger(ms)) throw new TypeError(`Timestamp.ofMs(${ms}): milliseconds are a whole number`);
      if (!Number.isInteger(nanosOfMs) || nanosOfMs < 0 || nanosOfMs > 999999) {
        throw new TypeError(`Timestamp.ofMs(${ms}, ${nanosOfMs}): nanoseconds of the ms are 0 to 999999`);
      }
      return new Timestamp(ms + 0, nanosOfMs + 0);
    }

    static ofDate(date) {
      return Timestamp.ofMs(date.getTime());
    }

    static parse(text) {
      const read = Timestamp.tryParse(text);
      if (read !== undefined) return read;
      throw new TypeError(`Timestamp.parse('${text}'): not a timestamp`);
    }

    static tryParse(text) {
      const found = FORM.exec(text);
      if (found === null) return undefined;
      const day = dayOf(Number(found[1]), Number(found[2]), Number(found[3]));
      const [hours, minutes, seconds] = [Number(found[4] ?? 0), Number(found[5] ?? 0), Number(found[6] ?? 0)];
      const offset = offsetMs(found[8]);
      if (day === undefined || hours > 23 || minutes > 59 || seconds > 59 || offset === undefined) return undefined;
      const nanos = Number((found[7] ?? '').padEnd(9, '0'));
      const ms = Math.floor(nanos / 1e6);
      const whole = day * DAY_MS + ((hours * 60 + minutes) * 60 + seconds) * 1000 + ms - offset;
      return new Timestamp(whole, nanos - ms * 1e6);
    }

    static compare(a, b) {
      return a.ms - b.ms || a.nanosOfMs - b.nanosOfMs;
    }

    equals(other) {
      return other instanceof Timestamp && this.ms === other.ms && this.nanosOfMs === other.nanosOfMs;
    }

    isBefore(other) {
      return Timestamp.compare(this, other) < 0;
    }

    isAfter(other) {
      return Timestamp.compare(this, other) > 0;
    }

    plusMs(ms) {
      return Timestamp.ofMs(this.ms + ms, this.nanosOfMs);
    }

    withPrecision(precision) {
      if (precision >= 9) return this;
      if (precision > 3) {
        const unit = 10 ** (9 - precision);
        return new Timestamp(this.ms, this.nanosOfMs - (this.nanosOfMs % unit));
      }
      const unit = 10 ** (3 - precision);
      return new Timestamp(Math.floor(this.ms / unit) * unit, 0);
    }

    format(precision, separator = ' ') {
      const day = Math.floor(this.ms / DAY_MS);
      const msOfDay = this.ms - day * DAY_MS;
      const seconds = Math.floor(msOfDay / 1000);
      const time = `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
      const text = `${dateText(day)}${separator}${time}`;
      if (precision === 0) return text;
      const fraction = (msOfDay % 1000) * 1e6 + this.nanosOfMs;
      return `${text}.${String(fraction).padStart(9, '0').slice(0, precision)}`;
    }

    toString() {
      return this.format(this.nanosOfMs === 0 ? 3 : this.nanosOfMs % 1000 === 0 ? 6 : 9);
    }

    toJSON() {
      return this.toString();
    }

    valueOf() {
      return this.ms;
    }
  };
})();
