package io.meshagent.core.directory;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshagent.core.api.Endpoints.State;
import io.meshagent.core.api.Instance;
import io.meshagent.core.api.Standing;
import io.meshagent.core.registry.DirectoryLimits;
import io.meshagent.core.registry.WholeServices;
import io.meshagent.core.run.ManualLoop;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The directory on disk, for a start while the registry is away. */
class DiskSnapshotTest {

  private static final String SOURCE = "etcd http://127.0.0.1:1 prefix /services";

  @TempDir private Path temp;

  private final ManualLoop loop = new ManualLoop();
  private Instant now = Instant.parse("2030-01-01T12:00:03Z");

  private static Instance at(int port, String... facts) {
    InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    return new Instance(
        "127.0.0.1", port, address, facts.length == 0 ? Map.of() : Map.of(facts[0], facts[1]));
  }

  private Path folder() {
    return temp.resolve("snapshots");
  }

  private Directory directory(String source) {
    DiskSnapshot disk =
        new DiskSnapshot(folder(), source, DirectoryLimits.DEFAULT, loop, () -> now);
    return new Directory(3_000_000_000L, 10_000_000_000L, loop, 0, disk);
  }

  private Directory directory() {
    return directory(SOURCE);
  }

  private List<Path> files() throws IOException {
    if (!Files.exists(folder())) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder())) {
      return files.toList();
    }
  }

  private Path file() throws IOException {
    List<Path> files = files();
    assertThat(files).hasSize(1);
    return files.get(0);
  }

  private void write(Map<String, List<Instance>> services) {
    directory().listed(services);
    loop.passSeconds(1);
  }

  @Test
  void is_written_a_second_after_the_first_list_and_can_be_read_by_people() throws IOException {
    Directory directory = directory();
    WholeServices told = new WholeServices(directory);
    told.listed(Map.of("a.B", List.of(at(1, "zone", "z 1"), at(2)), "odd name", List.of(at(3))));
    loop.passSeconds(0.9);
    assertThat(files()).isEmpty();

    loop.passSeconds(0.2);

    assertThat(Files.readString(file()))
        .isEqualTo(
            """
            mesh-agent directory 1
            source etcd http://127.0.0.1:1 prefix /services
            written 2030-01-01T12:00:03Z
            entries 3
            a.B {"Op":0,"Addr":"127.0.0.1:1","Metadata":null,"Mesh":{"zone":"z 1"}}
            a.B {"Op":0,"Addr":"127.0.0.1:2","Metadata":null}
            odd+name {"Op":0,"Addr":"127.0.0.1:3","Metadata":null}
            """);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
        .isEqualTo("rw-------");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder())))
        .isEqualTo("rwx------");
  }

  @Test
  void is_written_at_most_every_ten_seconds_and_not_without_need() throws IOException {
    Directory directory = directory();
    WholeServices told = new WholeServices(directory);
    told.listed(Map.of("a.B", List.of(at(1))));
    loop.passSeconds(1);
    Files.delete(file());

    told.listed(Map.of("a.B", List.of(at(1))));
    told.changed(Map.of());
    loop.passSeconds(100);
    assertThat(files()).as("nothing changed").isEmpty();

    told.changed(Map.of("a.B", List.of(at(1), at(2))));
    loop.passSeconds(1);
    Files.delete(file());
    told.changed(Map.of("a.B", List.of(at(1), at(2), at(3))));
    loop.passSeconds(8.9);
    assertThat(files()).isEmpty();
    loop.passSeconds(1.1);
    assertThat(Files.readString(file())).contains("entries 3");

    Files.delete(file());
    loop.passSeconds(4_000);
    told.listed(Map.of("a.B", List.of(at(1), at(2), at(3))));
    loop.passSeconds(1);
    assertThat(files()).as("its age says what it is worth").hasSize(1);
  }

  @Test
  void trouble_takes_nothing_away_from_it() throws IOException {
    Directory directory = directory();
    WholeServices told = new WholeServices(directory);
    told.listed(Map.of("a.B", List.of(at(1), at(2), at(3))));
    loop.passSeconds(1);
    directory.unreachable("down");
    loop.passSeconds(60);
    told.listed(Map.of());
    directory.unreachable("down");
    directory.refuses(at(2), true);
    loop.passSeconds(60);
    assertThat(Files.readString(file())).contains("entries 3");

    told.changed(Map.of("a.B", List.of(at(1), at(4))));
    loop.passSeconds(11);

    assertThat(Files.readString(file())).contains("entries 3", ":1\"", ":3\"", ":4\"");
  }

  @Test
  void is_read_when_the_source_is_away_and_marked_stale() throws IOException {
    write(Map.of("a.B", List.of(at(1), at(2)), "c.D", List.of(at(3))));
    now = now.plus(Duration.ofHours(23));
    Directory directory = directory();
    assertThat(directory.service("a.B").endpoints().state()).isEqualTo(State.UNKNOWN);

    directory.unreachable("connection refused");

    assertThat(directory.service("a.B").endpoints().instances()).containsExactly(at(1), at(2));
    assertThat(directory.service("x.Y").endpoints().state()).isEqualTo(State.ABSENT);
    assertThat(directory.view().stale()).isEqualTo(3);
    assertThat(directory.view().isHealthy()).isFalse();
    assertThat(directory.view().writtenToDisk()).isEqualTo(Instant.parse("2030-01-01T12:00:03Z"));
    assertThat(directory.view().known().get("c.D"))
        .allMatch(entry -> entry.standing() == Standing.STALE);
  }

  @Test
  void is_read_when_the_first_wait_is_over() {
    write(Map.of("a.B", List.of(at(1))));
    Directory directory = directory();
    loop.passSeconds(2.9);
    assertThat(directory.service("a.B").endpoints().state()).isEqualTo(State.UNKNOWN);

    loop.passSeconds(0.2);

    assertThat(directory.service("a.B").endpoints().instances()).containsExactly(at(1));
  }

  @Test
  void is_not_read_once_there_was_a_list() {
    write(Map.of("a.B", List.of(at(1))));
    Directory directory = directory();
    WholeServices told = new WholeServices(directory);
    told.listed(Map.of());

    directory.unreachable("down");
    loop.passSeconds(10);

    assertThat(directory.service("a.B").endpoints().state()).isEqualTo(State.ABSENT);
  }

  @Test
  void the_first_list_is_taken_exactly_for_what_it_names_and_the_rest_is_held() {
    write(Map.of("a.B", List.of(at(1), at(2)), "c.D", List.of(at(3))));
    Directory directory = directory();
    WholeServices told = new WholeServices(directory);
    directory.unreachable("down");

    told.listed(Map.of("a.B", List.of(at(2))));

    assertThat(directory.service("a.B").endpoints().instances()).containsExactly(at(2));
    assertThat(directory.service("c.D").endpoints().instances()).containsExactly(at(3));
    assertThat(directory.view().stale()).isZero();
    assertThat(directory.view().held()).isEqualTo(1);
    assertThat(directory.view().writtenToDisk()).isNull();
    directory.looksAgainBy(() -> told.listed(Map.of("a.B", List.of(at(2)))));
    loop.passSeconds(15);
    assertThat(directory.service("c.D").endpoints().state()).isEqualTo(State.ABSENT);
  }

  @Test
  void what_is_stale_and_refuses_is_dropped_and_calls_go_where_they_always_went() {
    write(Map.of("a.B", List.of(at(1), at(2))));
    Directory directory = directory();
    directory.unreachable("down");

    directory.refuses(at(1), true);
    assertThat(directory.service("a.B").endpoints().instances()).containsExactly(at(2));
    directory.refuses(at(2), true);

    assertThat(directory.service("a.B").endpoints().state()).isEqualTo(State.ABSENT);
    assertThat(directory.view().stale()).isZero();
  }

  private void isIgnored() {
    Directory directory = directory();
    directory.unreachable("down");
    assertThat(directory.service("a.B").endpoints().state()).isEqualTo(State.ABSENT);
    assertThat(directory.view().stale()).isZero();
    assertThat(directory.view().writtenToDisk()).isNull();
  }

  @Test
  void one_that_is_too_old_is_ignored() {
    write(Map.of("a.B", List.of(at(1))));
    now = now.plus(Duration.ofHours(25));
    isIgnored();
  }

  @Test
  void one_of_another_registry_is_ignored() throws IOException {
    directory("another etcd").listed(Map.of("a.B", List.of(at(1))));
    loop.passSeconds(1);
    Path other = file();
    isIgnored();
    write(Map.of("a.B", List.of(at(1))));
    Path own = files().stream().filter(path -> !path.equals(other)).findAny().orElseThrow();
    Files.write(own, Files.readAllBytes(other));
    isIgnored();
  }

  @Test
  void damaged_ones_are_ignored() throws IOException {
    write(Map.of("a.B", List.of(at(1), at(2))));
    String good = Files.readString(file());
    for (String bad :
        List.of(
            "",
            "what is this",
            good.substring(0, good.length() / 3),
            good.substring(0, good.length() - 60),
            good.replace("entries 2", "entries 3"),
            good.replace("entries 2", "entries many"),
            good.replace("2030-01-01T", "yesterday "),
            good.replace("directory 1", "directory 2"),
            good.replace("a.B {", "a.B%zz {"),
            good + "\u0000\u0001")) {
      Files.writeString(file(), bad);
      isIgnored();
    }
    Files.write(file(), new byte[(int) SnapshotFile.LARGEST + 1]);
    isIgnored();
    Files.writeString(file(), good);
    Directory directory = directory();
    directory.unreachable("down");
    assertThat(directory.view().stale()).isEqualTo(2);
  }

  @Test
  void one_in_a_directory_that_others_may_write_to_is_ignored_and_not_written() throws IOException {
    write(Map.of("a.B", List.of(at(1))));
    Files.setPosixFilePermissions(folder(), PosixFilePermissions.fromString("rwxrwxrwx"));
    String before = Files.readString(file());
    isIgnored();

    write(Map.of("a.B", List.of(at(1), at(2))));

    assertThat(Files.readString(file())).isEqualTo(before);
  }

  @Test
  void a_link_is_not_followed() throws IOException {
    write(Map.of("a.B", List.of(at(1))));
    Path elsewhere = Files.move(file(), temp.resolve("elsewhere"));
    Path name = Files.createSymbolicLink(folder().resolve("x"), elsewhere);
    Files.delete(name);
    write(Map.of("a.B", List.of(at(1))));
    Path own = file();
    Files.delete(own);
    Path unused = Files.createSymbolicLink(own, elsewhere);
    isIgnored();

    write(Map.of("a.B", List.of(at(1), at(2))));

    assertThat(Files.readString(elsewhere))
        .as("replaced, not written through")
        .contains("entries 1");
    assertThat(Files.isSymbolicLink(own)).isFalse();
  }

  @Test
  void what_a_killed_program_left_is_cleaned_away() throws IOException {
    write(Map.of("a.B", List.of(at(1))));
    Path left = Files.createFile(folder().resolve(".new-left"));

    write(Map.of("a.B", List.of(at(1))));

    assertThat(left).as("it is old by this clock").doesNotExist();
  }
}
