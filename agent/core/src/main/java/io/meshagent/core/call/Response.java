package io.meshagent.core.call;

/**
 * A response of one message as it came: bytes, so that nothing of the program's is held and each
 * who is given it gets an object of its own. Immutable; what it is made of is not to be changed.
 */
public final class Response {

  /** What a pair of a header's name and value takes beside its characters. */
  private static final int PAIR_BYTES = 96;

  private static final Object[] NONE = {};

  private final byte[] message;
  private final Object[] headers;
  private final Object[] trailers;

  /**
   * A response.
   *
   * @param message as the method's marshaller reads it
   * @param headers names and values in turns: a value is a text, or bytes where the name ends with
   *     {@code -bin}; as the trailers
   */
  public Response(byte[] message, Object[] headers, Object[] trailers) {
    this.message = message;
    this.headers = headers;
    this.trailers = trailers;
  }

  /** One without headers. */
  public static Response of(byte[] message) {
    return new Response(message, NONE, NONE);
  }

  public byte[] message() {
    return message;
  }

  /** Names and values in turns. */
  public Object[] headers() {
    return headers;
  }

  /** The same that came after the message. */
  public Object[] trailers() {
    return trailers;
  }

  /** The values of an ASCII header, joined by commas; null if it has none. */
  public String header(String name) {
    String all = null;
    for (int i = 0; i < headers.length; i += 2) {
      if (headers[i].equals(name) && headers[i + 1] instanceof String) {
        all = all == null ? (String) headers[i + 1] : all + "," + headers[i + 1];
      }
    }
    return all;
  }

  /** How much memory it takes, about. */
  public int bytes() {
    return message.length + bytes(headers) + bytes(trailers);
  }

  /** How much memory names and values in turns take, about. */
  public static int bytes(Object[] pairs) {
    int bytes = 0;
    for (int i = 0; i < pairs.length; i += 2) {
      bytes += PAIR_BYTES + 2 * ((String) pairs[i]).length();
      Object value = pairs[i + 1];
      bytes += value instanceof String ? 2 * ((String) value).length() : ((byte[]) value).length;
    }
    return bytes;
  }
}
