package io.meshagent.core.registry.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.meshagent.core.api.Instance;
import io.meshagent.core.registry.RegistrationState;
import io.meshagent.core.registry.Registry;
import io.meshagent.core.registry.RegistryContract;
import io.meshagent.core.registry.RegistryView;
import io.meshagent.core.registry.format.InstanceCodec;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The contract, and what only a directory can do to a registry. */
class LocalRegistryTest extends RegistryContract {

  private static final Instance INSTANCE = at("127.0.0.1", 50051);

  @TempDir private Path folder;

  private Path root() {
    return folder.resolve("mesh");
  }

  @Override
  protected Registry newRegistry() {
    return new LocalRegistry(root());
  }

  @Override
  protected void plantGarbage(String service, String name, String text) throws IOException {
    if (!Files.exists(root())) {
      OwnedFolder.create(root());
    }
    Path unused = Files.createDirectories(root().resolve(service));
    Path unusedToo = Files.writeString(root().resolve(service).resolve(name), text);
  }

  @Override
  protected List<String> values() throws IOException {
    // Never opened: this JVM would lose its locks.
    try (Stream<Path> files = Files.walk(root())) {
      return files
          .filter(Files::isRegularFile)
          .map(EntryFile::heldValue)
          .filter(value -> value != null)
          .sorted()
          .toList();
    }
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.walk(root())) {
      return files.filter(Files::isRegularFile).toList();
    }
  }

  /** Another JVM that registers one instance and then waits to be killed. */
  static final class Other {
    private Other() {}

    public static void main(String[] args) throws InterruptedException {
      Registry registry = new LocalRegistry(Path.of(args[0]));
      registry.start(new RegistryView());
      registry.register(SERVICE, at("127.0.0.1", Integer.parseInt(args[1])));
      Thread.currentThread().join();
    }
  }

  private Process otherJvm(int port) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            Other.class.getName(),
            root().toString(),
            Integer.toString(port))
        .inheritIO()
        .start();
  }

  @Test
  void the_entries_of_a_killed_process_vanish() throws Exception {
    RegistryView view = new RegistryView();
    Registry registry = open(view);
    registry.register(SERVICE, INSTANCE);
    Process first = otherJvm(2);
    Process second = otherJvm(3);
    try {
      await().atMost(Duration.ofSeconds(20)).until(() -> view.of(SERVICE).size() == 3);

      int unused = first.destroyForcibly().waitFor();

      await().atMost(Duration.ofSeconds(3)).until(() -> view.of(SERVICE).size() == 2);
      assertThat(view.of(SERVICE)).contains(INSTANCE, at("127.0.0.1", 3));
      soon(() -> files().size() == 2);
      assertThat(registry.status().feed().counts().entriesSkipped()).isZero();
    } finally {
      first.destroyForcibly();
      second.destroyForcibly();
    }
  }

  @Test
  void another_process_sees_that_this_one_lives_however_often_both_look() throws Exception {
    RegistryView view = new RegistryView();
    Registry registry = open(view);
    Registry besides = open(new RegistryView());
    registry.register(SERVICE, INSTANCE);
    besides.register(SERVICE, at("127.0.0.1", 4));
    Process other = otherJvm(2);
    try {
      await().atMost(Duration.ofSeconds(20)).until(() -> view.of(SERVICE).size() == 3);

      await()
          .during(Duration.ofSeconds(1))
          .atMost(Duration.ofSeconds(2))
          .until(() -> view.of(SERVICE).size() == 3 && files().size() == 3);
    } finally {
      other.destroyForcibly();
    }
  }

  @Test
  void everything_there_belongs_to_its_owner_alone() throws Exception {
    Registry registry = open(new RegistryView());
    registry.register(SERVICE, INSTANCE);
    soon(() -> registry.status().registration().state() == RegistrationState.ALIVE);

    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(root())))
        .isEqualTo("rwx------");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(files().get(0))))
        .isEqualTo("rw-------");
    assertThat(files().get(0).getFileName().toString())
        .matches("127\\.0\\.0\\.1%3A50051\\.[0-9a-f]{16}");
  }

  @Test
  void a_directory_that_others_may_write_to_is_refused_until_it_is_put_right() throws Exception {
    OwnedFolder.create(root());
    Files.setPosixFilePermissions(root(), PosixFilePermissions.fromString("rwxrwx---"));
    RegistryView view = new RegistryView();
    Registry registry = open(view);
    registry.register(SERVICE, INSTANCE);

    soon(() -> !view.troubles.isEmpty());
    // The directory is looked at before the registration may have been.
    soon(() -> registry.status().registration().state() == RegistrationState.PUT);
    assertThat(view.services).isEmpty();
    assertThat(files()).isEmpty();
    assertThat(registry.status().registration().state()).isEqualTo(RegistrationState.PUT);

    Files.setPosixFilePermissions(root(), PosixFilePermissions.fromString("rwx------"));
    soon(() -> view.of(SERVICE).size() == 1);
  }

  @Test
  void a_directory_that_can_no_longer_be_used_is_trouble_and_removes_nothing() throws Exception {
    RegistryView view = new RegistryView();
    Registry registry = open(view);
    registry.register(SERVICE, INSTANCE);
    soon(() -> view.of(SERVICE).size() == 1);

    Files.setPosixFilePermissions(root(), PosixFilePermissions.fromString("rwxrwx---"));

    soon(() -> !view.troubles.isEmpty());
    assertThat(view.of(SERVICE)).hasSize(1);
    assertThat(view.answers.get()).isZero();
    Files.setPosixFilePermissions(root(), PosixFilePermissions.fromString("rwx------"));
    soon(() -> view.answers.get() == 1);
    assertThat(view.of(SERVICE)).hasSize(1);
  }

  @Test
  void a_link_is_refused() throws Exception {
    Path elsewhere = Files.createDirectory(folder.resolve("elsewhere"));
    Path unused = Files.createSymbolicLink(root(), elsewhere);
    RegistryView view = new RegistryView();
    Registry registry = open(view);
    registry.register(SERVICE, INSTANCE);

    soon(() -> !view.troubles.isEmpty());

    assertThat(view.services).isEmpty();
    assertThat(elsewhere).isEmptyDirectory();
  }

  @Test
  void a_directory_of_somebody_else_is_refused() throws Exception {
    assertThat(OwnedFolder.problem(root(), "mallory", "me", "rwx------"))
        .contains("belongs to mallory and not to me");
    assertThat(OwnedFolder.problem(root(), "me", "me", "rwx------")).isNull();
    assertThat(OwnedFolder.problem(root(), "me", "me", "rwxr-xr-x")).isNull();
  }

  @Test
  void a_directory_that_cannot_be_made_is_tried_again() throws Exception {
    Path file = Files.writeString(folder.resolve("file"), "in the way");
    RegistryView view = new RegistryView();
    try (Registry registry = new LocalRegistry(file.resolve("mesh"))) {
      registry.start(view);
      registry.register(SERVICE, INSTANCE);
      soon(() -> !view.troubles.isEmpty());

      Files.delete(file);

      soon(() -> view.of(SERVICE).size() == 1);
    }
  }

  @Test
  void a_cleaner_of_temporary_files_does_no_harm() throws Exception {
    RegistryView view = new RegistryView();
    Registry registry = open(view);
    registry.register(SERVICE, INSTANCE);
    soon(() -> view.of(SERVICE).size() == 1);

    // Gone at one blow, as seen from the registry.
    Path unused = Files.move(root(), folder.resolve("cleaned"));

    soon(() -> Files.exists(root()) && files().size() == 1 && view.of(SERVICE).size() == 1);
  }

  @Test
  void what_is_there_but_not_held_is_dead_and_removed() throws Exception {
    plantGarbage(SERVICE, FileNames.forEntry("127.0.0.1:9", 7), InstanceCodec.value(INSTANCE));
    RegistryView view = new RegistryView();

    open(view);

    soon(() -> files().isEmpty());
    assertThat(view.services).isEmpty();
  }

  @Test
  void a_file_that_this_jvm_holds_is_not_taken_for_dead() throws Exception {
    Path unused = Files.createDirectory(folder.resolve("x"));
    Path path = folder.resolve("x").resolve(FileNames.forEntry("a:1", 1));
    EntryFile file = EntryFile.create(path, "v");

    assertThat(EntryFile.heldValue(path)).isEqualTo("v");
    assertThat(file.isThere()).isTrue();
    file.remove();

    assertThat(EntryFile.heldValue(path)).isNull();
    assertThat(Files.exists(path, LinkOption.NOFOLLOW_LINKS)).isFalse();
  }

  @Test
  void a_file_nobody_holds_can_be_told() throws Exception {
    Path path = Files.writeString(folder.resolve("y"), "v");
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      assertThat(EntryFile.isHeldElsewhere(channel)).isFalse();
    }
  }

  @Test
  void file_names_are_safe_and_reversible() {
    for (String name : List.of("a.B", "[::1]:50051", "..", ".", "a/b\\c", "ü%", "CON:", "A_b-c")) {
      String encoded = FileNames.encode(name);
      assertThat(encoded).matches("[A-Za-z0-9_%-][A-Za-z0-9._%-]*");
      assertThat(FileNames.decode(encoded)).isEqualTo(name);
    }
    assertThat(FileNames.decode("a b")).isNull();
    assertThat(FileNames.decode("%4")).isNull();
    assertThat(FileNames.decode("%41")).isNull();
    assertThat(FileNames.isEntry(FileNames.forEntry("[::1]:7", -1))).isTrue();
    assertThat(FileNames.isEntry("after")).isFalse();
  }
}
