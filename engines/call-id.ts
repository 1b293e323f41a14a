/** Nine letters and digits: unique within a conversation, and the only form that Mistral's templates accept. */
export function newCallId(): string {
  const alphabet = 'abcdefghijklmnopqrstuvwxyz0123456789';
  return Array.from(crypto.getRandomValues(new Uint8Array(9)), (byte) => alphabet[byte % 36]).join('');
}
