package io.meshagent.core.cli;

import io.meshagent.core.log.Printable;
import io.meshagent.core.policy.Policies;
import io.meshagent.core.rules.DocumentCheck;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Paths;
import java.util.List;

/** A document that somebody has at hand: read, and checked as programs would. Stateless. */
final class GivenDocument {

  private GivenDocument() {}

  /**
   * What a file says.
   *
   * @param file {@code -} for standard input
   * @return null if it can't be read, which is said
   */
  static String text(String file, InputStream in, PrintStream out) {
    try {
      return read(file, in);
    } catch (CharacterCodingException e) {
      out.println(Printable.of(file + " is not UTF-8; nothing was written."));
    } catch (IOException | InvalidPathException e) {
      out.println(Printable.of(file + " can't be read (" + e + "); nothing was written."));
    }
    return null;
  }

  private static String read(String file, InputStream in) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    byte[] some = new byte[8_192];
    try (InputStream from = file.equals("-") ? in : Files.newInputStream(Paths.get(file))) {
      // A little more than fits is enough to know.
      for (int n = 0; n >= 0 && bytes.size() <= DocumentCheck.LONGEST; n = from.read(some)) {
        bytes.write(some, 0, n);
      }
    }
    return StandardCharsets.UTF_8
        .newDecoder()
        .decode(ByteBuffer.wrap(bytes.toByteArray()))
        .toString();
  }

  /** Whether a document may have the name; if not, that is said. */
  static boolean isName(String name, PrintStream out) {
    if (DocumentCheck.isName(name)) {
      return true;
    }
    out.println(DocumentCheck.NAMES + "; nothing was written.");
    return false;
  }

  /**
   * What programs would find wrong with it; whatever that is, is said.
   *
   * @return whether it is good
   */
  static boolean isGood(String shownAs, String text, PrintStream out) {
    List<String> problems = DocumentCheck.problems(shownAs, text, Policies.keys());
    problems.forEach(problem -> out.println(Printable.of(problem)));
    return problems.isEmpty();
  }
}
