export function signerOf(message: string, signature: string): string | undefined
export function personalHash(message: string): Uint8Array
export function addressOf(publicKey: Uint8Array): string
