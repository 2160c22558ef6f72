package io.meshagent.it.harness;

import io.meshagent.it.tools.Places;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** One cell of the matrix, for the table in {@code it-tests/target/matrix.csv}. */
public final class MatrixReport {

  private static final Path REPORT = Places.target().resolve("matrix.csv");

  private final String cell;
  private final long began = System.nanoTime();

  public MatrixReport(String grpc, int jdk, String transport) {
    this.cell = grpc + "," + jdk + "," + transport;
  }

  /** Everything held. A cell that is not in the table failed. */
  public void green() {
    long millis = (System.nanoTime() - began) / 1_000_000;
    try {
      Files.writeString(
          REPORT,
          cell + ",green," + millis + "\n",
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
