package io.meshagent.core.check;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A bare connection, and what little can be learnt on it. Sockets of its own: the JDK's HTTP client
 * goes by what the program has set up. Stateless; blocks.
 */
final class Wire {

  private static final int LONGEST_ANSWER = 2_048;

  private static final Pattern DATE = Pattern.compile("(?i)\r\ndate: *([^\r]+)\r\n");

  private Wire() {}

  /**
   * Connects and lets go.
   *
   * @return null if somebody took the connection, else why not, half a sentence
   */
  static String refusal(InetAddress address, int port, int millis) {
    try (Socket socket = new Socket(Proxy.NO_PROXY)) {
      socket.connect(new InetSocketAddress(address, port), millis);
      return null;
    } catch (SocketTimeoutException e) {
      return "no answer within " + seconds(millis);
    } catch (IOException | RuntimeException e) {
      return e.getMessage() == null ? e.toString() : firstLetterSmall(e.getMessage());
    }
  }

  /** {@code 1.5 s}. */
  static String seconds(int millis) {
    return Math.round(millis / 100.0) / 10.0 + " s";
  }

  private static String firstLetterSmall(String text) {
    boolean word = text.length() > 1 && Character.isLowerCase(text.charAt(1));
    return word ? Character.toLowerCase(text.charAt(0)) + text.substring(1) : text;
  }

  /**
   * Asks an HTTP server for a page of which only the head counts.
   *
   * @return the clock of the server as it writes it, or null
   */
  static String date(InetAddress address, int port, int millis) {
    try (Socket socket = new Socket(Proxy.NO_PROXY)) {
      socket.connect(new InetSocketAddress(address, port), millis);
      socket.setSoTimeout(millis);
      String request = "GET /version HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      byte[] answer = new byte[LONGEST_ANSWER];
      int length = 0;
      InputStream in = socket.getInputStream();
      for (int n = 0;
          n >= 0 && length < answer.length;
          n = in.read(answer, length, answer.length - length)) {
        length += n;
      }
      String head = new String(answer, 0, length, StandardCharsets.ISO_8859_1);
      Matcher date = DATE.matcher(head);
      return date.find() ? date.group(1) : null;
    } catch (IOException | RuntimeException e) {
      // Another kind of server, or one that has no time: nobody needs to know.
      return null;
    }
  }
}
