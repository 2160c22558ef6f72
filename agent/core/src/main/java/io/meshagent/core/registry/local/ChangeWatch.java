package io.meshagent.core.registry.local;

import io.meshagent.core.log.Log;
import io.meshagent.core.run.AgentThreads;
import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * Says at once that something changed in the directory, where the system can tell. Where it can't
 * (no watch service, too many watches) the regular scan finds it a moment later. Confined to the
 * registry's loop but for the thread of its own, which only waits.
 */
final class ChangeWatch {

  private final Path root;
  private final Runnable changed;
  private final Map<Path, WatchKey> keys = new HashMap<>();
  private WatchService service;

  /**
   * @param changed called on a thread of the watch, must hand over
   */
  ChangeWatch(Path root, Runnable changed) {
    this.root = root;
    this.changed = changed;
  }

  void start() {
    try {
      service = root.getFileSystem().newWatchService();
    } catch (IOException | UnsupportedOperationException e) {
      Log.debug("no watch service for " + root + " (" + e + "); it is scanned instead");
      return;
    }
    WatchService waiting = service;
    AgentThreads.newThread("local-watch", () -> await(waiting)).start();
  }

  private void await(WatchService waiting) {
    try {
      while (true) {
        WatchKey key = waiting.take();
        int events = key.pollEvents().size();
        boolean unused = key.reset();
        if (events > 0) {
          changed.run();
        }
      }
    } catch (ClosedWatchServiceException | InterruptedException e) {
      Log.debug("the watch of " + root + " has ended");
    }
  }

  /** Watches the root and these directories, and no others. */
  void follow(Set<Path> folders) {
    if (service == null) {
      return;
    }
    keys.entrySet()
        .removeIf(
            watched -> {
              Path path = watched.getKey();
              boolean gone = !path.equals(root) && !folders.contains(path);
              if (gone || !watched.getValue().isValid()) {
                watched.getValue().cancel();
                return true;
              }
              return false;
            });
    add(root);
    folders.forEach(this::add);
  }

  private void add(Path folder) {
    if (keys.containsKey(folder)) {
      return;
    }
    try {
      keys.put(
          folder,
          folder.register(
              service, StandardWatchEventKinds.ENTRY_CREATE, StandardWatchEventKinds.ENTRY_DELETE));
      // What came before the watch began gave no event.
      changed.run();
    } catch (IOException | ClosedWatchServiceException e) {
      Log.debug("cannot watch " + folder + " (" + e + "); it is scanned instead");
    }
  }

  void close() {
    if (service != null) {
      try {
        service.close();
      } catch (IOException e) {
        Log.debug("the watch of " + root + " did not close (" + e + ")");
      }
    }
  }
}
