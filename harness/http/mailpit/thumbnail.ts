/**
 * Thumbnails: 180 by 120 JPEG, made by sharp where it is installed. Where it is
 * not, or for what is no image, a blank one, as Mailpit gives.
 */
import type { Attachment } from '../../message/attachment.ts'

const size = { width: 180, height: 120 } as const

export async function thumbnailOf({ contentType, content }: Attachment): Promise<Buffer> {
  if (!contentType.startsWith('image/')) return blank
  try {
    const { default: sharp } = await import('sharp')
    return await sharp(content)
      .resize({ ...size, fit: 'contain', background: 'white' })
      .flatten({ background: 'white' })
      .jpeg()
      .toBuffer()
  } catch {
    // Not installed, or no image that it knows: a blank picture is the documented answer.
    return blank
  }
}

/** White, 180 by 120. */
const blank = Buffer.from(
  '/9j/2wBDABQUFBQVFBcZGRcfIh4iHy4rJycrLkYyNjI2MkZqQk5CQk5Cal5yXVZdcl6phXZ2hanDpJukw+zT0+z/////////2wBDARQUFBQVFBcZGRcfIh4iHy4rJycrLkYyNjI2MkZqQk5CQk5Cal5yXVZdcl6phXZ2hanDpJukw+zT0+z/////////wgARCAB4ALQDASIAAhEBAxEB/8QAFQABAQAAAAAAAAAAAAAAAAAAAAb/xAAUAQEAAAAAAAAAAAAAAAAAAAAA/9oADAMBAAIQAxAAAACzAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAB/8QAFBABAAAAAAAAAAAAAAAAAAAAgP/aAAgBAQABPwAs/wD/xAAUEQEAAAAAAAAAAAAAAAAAAABg/9oACAECAQE/AEH/xAAUEQEAAAAAAAAAAAAAAAAAAABg/9oACAEDAQE/AEH/2Q==',
  'base64',
)
