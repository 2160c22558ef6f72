package io.meshagent.core.fuzz;

import static org.assertj.core.api.Assertions.assertThatCode;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Whatever stands in etcd, in the local registry, in the directory on disk or in a properties file:
 * nothing is thrown, nothing is held beyond the limits, nobody is called who may not be. {@link
 * FuzzRounds} goes on with other seeds for as long as one likes.
 */
class DecodersTest {

  /** The first are arbitrary; behind them each one that has failed once. */
  private static final List<Long> SEEDS = List.of(1L, 2L, 3L, 4L, 5L);

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"etcd", "local", "properties", "snapshot"})
  void takes_whatever_comes(String target) {
    for (long seed : SEEDS) {
      assertThatCode(() -> FuzzRounds.run(target, seed, 60, folder)).doesNotThrowAnyException();
    }
  }
}
