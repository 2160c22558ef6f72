package io.meshagent.core.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AccessTokenTest {

  @TempDir private Path folder;

  @Test
  void is_made_once_for_its_owner_alone() throws IOException {
    Path file = folder.resolve("token");

    AccessToken made = AccessToken.of(file);

    String said = Files.readString(file).trim();
    assertThat(said).hasSize(32);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(made.is(said)).isTrue();
    assertThat(made.is("")).isFalse();
    assertThat(AccessToken.of(file).is(said)).isTrue();
  }

  @Test
  void several_programs_that_make_it_at_once_have_the_same() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try {
      for (int round = 0; round < 20; round++) {
        Path file = folder.resolve("token-" + round);
        Callable<AccessToken> one = () -> AccessToken.of(file);
        var all = threads.invokeAll(IntStream.range(0, 8).mapToObj(i -> one).toList());
        String said = Files.readString(file).trim();
        for (var each : all) {
          assertThat(each.get().is(said)).isTrue();
        }
      }
    } finally {
      threads.shutdownNow();
    }
    try (Stream<Path> left = Files.list(folder)) {
      assertThat(left.map(each -> each.getFileName().toString()).collect(Collectors.toList()))
          .hasSize(20)
          .allMatch(name -> name.startsWith("token-"));
    }
  }

  @Test
  void a_file_that_others_may_read_is_refused() throws IOException {
    Path file = Files.writeString(folder.resolve("token"), "a-token-that-is-long-enough");
    Path unused = Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));

    assertThatThrownBy(() -> AccessToken.of(file)).hasMessageContaining("chmod 600");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Bearer abc|abc",
        "bearer abc|abc",
        "Basic %s|secret:word",
        "basic  %s|secret:word",
        "Basic !!!|''",
        "Digest abc|''",
        "abc|''"
      })
  void a_header_has_a_password(String header, String password) {
    String both =
        Base64.getEncoder().encodeToString("anybody:secret:word".getBytes(StandardCharsets.UTF_8));

    assertThat(Authorization.password(header.replace("%s", both))).isEqualTo(password);
  }
}
