package io.meshagent.core.config;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/** Reads one properties file into a {@link SettingsBuilder}. */
final class ConfigFile {

  private static final int MOST_BYTES = 1 << 20;

  private ConfigFile() {}

  /**
   * @param shownAs the file as problems name it
   */
  static void read(Path file, String shownAs, SettingsBuilder settings) {
    byte[] bytes;
    try {
      bytes = bytes(file);
    } catch (IOException e) {
      settings.add(
          shownAs, 0, "", "this configuration file " + why(file, e) + ", so none of it is used");
      return;
    }
    if (bytes.length > MOST_BYTES) {
      settings.add(
          shownAs, 0, "", "this file is larger than 1 MiB, hardly a configuration: it is not used");
      return;
    }
    settings.readFrom(file);
    parse(text(bytes, shownAs, settings), shownAs, settings);
  }

  private static byte[] bytes(Path file) throws IOException {
    byte[] bytes = new byte[MOST_BYTES + 1];
    int length = 0;
    try (InputStream in = Files.newInputStream(file)) {
      int read;
      while (length < bytes.length && (read = in.read(bytes, length, bytes.length - length)) > 0) {
        length += read;
      }
    }
    return Arrays.copyOf(bytes, length);
  }

  private static String why(Path file, IOException e) {
    if (!Files.exists(file)) {
      return "does not exist";
    }
    if (Files.isDirectory(file)) {
      return "is a directory";
    }
    return Files.isReadable(file) ? "cannot be read (" + e + ")" : "may not be read by this user";
  }

  private static String text(byte[] bytes, String shownAs, SettingsBuilder settings) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      settings.add(
          shownAs, 0, "", "this file is not UTF-8: characters beyond ASCII may be read wrong");
      return new String(bytes, StandardCharsets.ISO_8859_1);
    }
  }

  static void parse(String text, String shownAs, SettingsBuilder settings) {
    Map<String, Integer> lines = new HashMap<>();
    for (PropertiesText.Entry entry : PropertiesText.parse(text)) {
      if (entry.value == null) {
        settings.add(
            shownAs, entry.line, "", "this line has no = between key and value, so it is ignored");
        continue;
      }
      Integer before = lines.put(entry.key, entry.line);
      if (before != null) {
        settings.add(
            shownAs,
            entry.line,
            entry.key,
            entry.key + " was set in line " + before + " already; this line counts");
      }
      settings.set(Origin.inLine(shownAs, entry.line, entry.key), entry.key, entry.value);
    }
  }
}
