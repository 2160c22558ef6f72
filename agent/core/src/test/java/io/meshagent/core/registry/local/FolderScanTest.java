package io.meshagent.core.registry.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshagent.core.api.Instance;
import io.meshagent.core.registry.DirectoryLimits;
import io.meshagent.core.registry.format.InstanceCodec;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FolderScanTest {

  private static final String SERVICE = "helloworld.Greeter";
  private static final int TIMES = 2_000;

  @TempDir private Path directory;
  private final ExecutorService other = Executors.newSingleThreadExecutor();

  private EntryFile create(int number) throws Exception {
    Path folder = directory.resolve("mesh").resolve(FileNames.encode(SERVICE));
    InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 1);
    String value = InstanceCodec.value(new Instance("127.0.0.1", 1, address, Map.of()));
    return EntryFile.create(folder.resolve(FileNames.forEntry("127.0.0.1:1", number)), value);
  }

  /** As a registry does when facts change: the new file, then the old one goes. */
  private Callable<EntryFile> replacing(EntryFile old, int number, CyclicBarrier both) {
    return () -> {
      int unused = both.await(10, TimeUnit.SECONDS);
      EntryFile fresh = create(number);
      old.remove();
      return fresh;
    };
  }

  @Test
  void an_entry_that_is_replaced_meanwhile_is_not_away() throws Exception {
    Path root = directory.resolve("mesh");
    OwnedFolder.create(root);
    OwnedFolder.create(root.resolve(FileNames.encode(SERVICE)));
    FolderScan scan =
        new FolderScan(root, DirectoryLimits.DEFAULT, System::nanoTime, service -> true);
    CyclicBarrier both = new CyclicBarrier(2);
    EntryFile held = create(0);
    int away = 0;

    for (int i = 1; i <= TIMES; i++) {
      Future<EntryFile> replaced = other.submit(replacing(held, i, both));
      int unused = both.await(10, TimeUnit.SECONDS);
      away += scan.run().containsKey(SERVICE) ? 0 : 1;
      held = replaced.get(10, TimeUnit.SECONDS);
    }

    other.shutdownNow();
    held.remove();
    assertThat(away).as("looks of " + TIMES).isZero();
  }
}
