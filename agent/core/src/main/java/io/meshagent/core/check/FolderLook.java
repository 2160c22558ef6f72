package io.meshagent.core.check;

import io.meshagent.core.config.Key;
import io.meshagent.core.config.RegistryKeys;
import io.meshagent.core.config.Settings;
import io.meshagent.core.registry.local.LocalRegistry;
import io.meshagent.core.registry.local.OwnedFolder;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.function.Consumer;

/** Whether a directory that has to be this user's alone is so, or can be made. Makes nothing. */
final class FolderLook implements Look {

  static final String SNAPSHOT = "snapshot";
  static final String LOCAL = "local-registry";

  private final String name;
  private final Settings settings;
  private final Key<String> key;
  private final String use;

  /** What follows where it can't be used. */
  private final String loss;

  private FolderLook(String name, Settings settings, Key<String> key, String use, String loss) {
    this.name = name;
    this.settings = settings;
    this.key = key;
    this.use = use;
    this.loss = loss;
  }

  /** Where the directory of etcd is kept for a start without etcd. */
  static FolderLook ofSnapshot(Settings settings) {
    return new FolderLook(
        SNAPSHOT,
        settings,
        RegistryKeys.DISCOVER_SNAPSHOT_DIR,
        "the last directory can be kept in ",
        "a program that starts while etcd is away will not know where its services are");
  }

  /** Where programs meet without etcd. */
  static FolderLook ofLocalRegistry(Settings settings) {
    return new FolderLook(
        LOCAL,
        settings,
        RegistryKeys.REGISTRY_LOCAL_DIR,
        "programs of this user and machine meet in ",
        "programs will not find each other");
  }

  @Override
  public Finding late() {
    return Finding.wrong(
        name,
        "the file system of " + key.name() + " did not answer in time",
        "set " + key.name() + " to a directory on a disk of this machine");
  }

  @Override
  public void look(Consumer<Finding> told) {
    try {
      Path folder = path();
      String obstacle = new OwnedFolder(folder).obstacle();
      told.accept(obstacle == null ? Finding.good(name, use + folder) : wrong(obstacle));
    } catch (InvalidPathException e) {
      told.accept(wrong(settings.get(key) + " is no path of a directory"));
    }
  }

  private Path path() {
    String configured = settings.get(key);
    if (!configured.isEmpty()) {
      return Paths.get(configured);
    }
    return name.equals(LOCAL) ? LocalRegistry.defaultDirectory() : OwnedFolder.ofUser("-snapshots");
  }

  private Finding wrong(String why) {
    return Finding.wrong(
        name,
        why + ", so " + loss,
        "give " + key.name() + " a directory of the program's user that nobody else may write to");
  }
}
