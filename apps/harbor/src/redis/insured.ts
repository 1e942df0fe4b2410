import type { KeyValue } from './key-value.ts'

/** Asks `shared`, and `own` whenever that fails. The two are not brought together again: time to live does that. */
export function insured(shared: KeyValue, own: KeyValue): KeyValue {
  async function ask<T>(question: (store: KeyValue) => Promise<T>): Promise<T> {
    try {
      return await question(shared)
    } catch {
      return question(own)
    }
  }
  return {
    get: (key) => ask((store) => store.get(key)),
    set: (key, value, ttl) => ask((store) => store.set(key, value, ttl)),
    setIfAbsent: (key, value, ttl) => ask((store) => store.setIfAbsent(key, value, ttl)),
    take: (key) => ask((store) => store.take(key)),
    delete: (...keys) => ask((store) => store.delete(...keys)),
    increment: (key, by, ttl) => ask((store) => store.increment(key, by, ttl)),
    takeShare: (key, limit) => ask((store) => store.takeShare(key, limit)),
    setField: (key, field, value, ttl) => ask((store) => store.setField(key, field, value, ttl)),
    deleteField: (key, field) => ask((store) => store.deleteField(key, field)),
    fields: (key) => ask((store) => store.fields(key)),
  }
}
