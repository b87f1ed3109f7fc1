/** The ways to prove a password that are offered. */
export type SaslMechanism = 'PLAIN' | 'SCRAM-SHA-256' | 'SCRAM-SHA-512';

/** The ones that store a proof of the password, with their hash. */
export const scramHashes = { 'SCRAM-SHA-256': 'sha256', 'SCRAM-SHA-512': 'sha512' } as const;

export type ScramMechanism = keyof typeof scramHashes;

export const saslMechanisms: readonly SaslMechanism[] = ['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512'];

export function isScram(mechanism: SaslMechanism): mechanism is ScramMechanism {
  return mechanism !== 'PLAIN';
}
