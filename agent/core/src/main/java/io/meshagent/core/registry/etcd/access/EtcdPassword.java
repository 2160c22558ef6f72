package io.meshagent.core.registry.etcd.access;

import java.io.IOException;

/**
 * The password of etcd's user: a text, or the first line of a file that is read at each log-in, so
 * that a replaced one counts. Immutable; never shown, not even by {@link #toString}.
 */
public final class EtcdPassword {

  private final String text;
  private final String file;

  /**
   * @param file wins over the text unless it is empty
   */
  EtcdPassword(String text, String file) {
    this.text = text == null ? "" : text;
    this.file = file == null ? "" : file;
  }

  /**
   * The password as it is now.
   *
   * @throws IOException with a clause for people that names the file
   */
  public String now() throws IOException {
    return file.isEmpty() ? text : SecretFile.read("etcd.password-file", file).firstLine();
  }

  @Override
  public String toString() {
    return "(not shown)";
  }
}
