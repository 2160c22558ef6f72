package io.meshagent.core.config;

/** Where a setting was written: as problems tell of it, and as the page shows it. Immutable. */
final class Origin {

  /** The file or document, or the kind of source. */
  final String where;

  /** Counted from 1; 0 if there are no lines. */
  final int line;

  /** For the page. */
  final String source;

  /** The name of the setting as it stands there, for people. */
  final String written;

  private Origin(String where, int line, String source, String written) {
    this.where = where;
    this.line = line;
    this.source = source;
    this.written = written;
  }

  /** In a line of a file or of a document. */
  static Origin inLine(String where, int line, String written) {
    return new Origin(where, line, where + ":" + line, written);
  }

  /** In a place that has no lines and is known by the name that was written, {@code MESH_…}. */
  static Origin named(String where, String written) {
    return new Origin(where, 0, written, written);
  }
}
