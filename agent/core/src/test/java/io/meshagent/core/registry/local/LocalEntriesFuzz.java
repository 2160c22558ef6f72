package io.meshagent.core.registry.local;

import io.meshagent.core.api.Instance;
import io.meshagent.core.fuzz.FuzzTarget;
import io.meshagent.core.fuzz.FuzzedNames;
import io.meshagent.core.registry.DirectoryLimits;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Files of the local registry with anything in them, beside folders and files of any name. */
public final class LocalEntriesFuzz implements FuzzTarget {

  private static final DirectoryLimits LIMITS = new DirectoryLimits(5, 12, 1);

  private final Deque<EntryFile> held = new ArrayDeque<>();
  private FolderScan scan;
  private long now;

  @Override
  public List<String> samples() {
    return List.of(
        "{\"Op\":0,\"Addr\":\"127.0.0.1:1\",\"Metadata\":null}",
        "{\"Op\":0,\"Addr\":\"name:1\",\"Metadata\":null,\"Mesh\":{\"zone\":\"z\",\"weight\":3}}",
        "10.0.0.1:50051",
        "{\"endpoints\":[\"grpc://10.0.0.1:9000\"],\"name\":\"x\",\"metadata\":{\"a\":\"b\"}}");
  }

  @Override
  public void end() {
    held.forEach(EntryFile::remove);
  }

  @Override
  public void take(byte[] input, Random random, Path folder) throws IOException {
    if (scan == null) {
      scan = new FolderScan(folder, LIMITS, () -> now, service -> service.equals("s0"));
      scan.askForNames(FuzzedNames::resolve);
    }
    now += 1_000_000_000L;
    String text = new String(input, StandardCharsets.UTF_8);
    Path service = Files.createDirectories(folder.resolve("s" + random.nextInt(4)));
    Path path = service.resolve(FileNames.forEntry("x:1", random.nextLong()));
    held.add(EntryFile.create(path, text));
    disturb(text, random.nextBoolean() ? folder : service);
    if (held.size() > 30) {
      held.remove().remove();
    }
    Map<String, List<Instance>> found = scan.run();
    int instances = 0;
    for (List<Instance> some : found.values()) {
      instances += some.size();
      if (some.size() > LIMITS.ofService() || instances > LIMITS.inAll()) {
        throw new AssertionError(found + " are too many");
      }
    }
  }

  private static void disturb(String name, Path in) {
    try {
      Files.createFile(in.resolve(name.substring(0, Math.min(name.length(), 60))));
    } catch (IOException | InvalidPathException e) {
      // Not every text is the name of a file.
    }
  }
}
