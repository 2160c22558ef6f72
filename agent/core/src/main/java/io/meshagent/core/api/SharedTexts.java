package io.meshagent.core.api;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * Makes one object of equal texts that come in often: the instances of a directory name the same
 * facts and have few applications, versions and zones. Each text has one place by its hash and
 * stays until another one wants the place, so this never grows, and texts that come once (a start
 * time) pass through. Thread-safe, without a lock: who comes too late keeps his own copy.
 */
final class SharedTexts {

  private static final int PLACES = 1024;
  private static final AtomicReferenceArray<String> TEXTS = new AtomicReferenceArray<>(PLACES);
  private static final AtomicReferenceArray<String[]> ROWS =
      new AtomicReferenceArray<>(PLACES / 16);

  private SharedTexts() {}

  static String shared(String text) {
    int place = place(text.hashCode(), PLACES);
    String known = TEXTS.get(place);
    if (text.equals(known)) {
      return known;
    }
    TEXTS.set(place, text);
    return text;
  }

  /** The same of several texts in a row, which nobody changes. */
  static String[] shared(String[] row) {
    int place = place(Arrays.hashCode(row), PLACES / 16);
    String[] known = ROWS.get(place);
    if (Arrays.equals(row, known)) {
      return known;
    }
    ROWS.set(place, row);
    return row;
  }

  private static int place(int hash, int places) {
    return (hash ^ (hash >>> 16)) & (places - 1);
  }
}
