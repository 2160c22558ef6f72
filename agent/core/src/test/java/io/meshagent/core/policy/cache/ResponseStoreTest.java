package io.meshagent.core.policy.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshagent.core.call.Response;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

/** What is kept stays within its bound, by its own count and by the JVM's. */
class ResponseStoreTest {

  private static final long MOST = 32 << 20;

  private final ResponseStore store = new ResponseStore(MOST);

  private static CacheKey key(int number) {
    byte[] request = ByteBuffer.allocate(20).putInt(number).array();
    return new CacheKey("a.B/C", "1", new String[] {"tenant " + number}, request);
  }

  private static KeptResponse response(int size) {
    Object[] headers = {"x-kept", new String("yes"), "y-bin", new byte[10]};
    return new KeptResponse(
        new Response(new byte[size], headers, new Object[0]), 0, Long.MAX_VALUE / 4, true);
  }

  private static long heap() {
    long least = Long.MAX_VALUE;
    for (int i = 0; i < 3; i++) {
      System.gc();
      least = Math.min(least, ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
    }
    return least;
  }

  @Test
  void a_million_keys_take_no_more_than_the_bound() {
    long before = heap();
    long most = 0;
    for (int i = 0; i < 1_000_000; i++) {
      store.put(key(i), response(i % 100));
      most = Math.max(most, store.bytes());
    }
    long taken = heap() - before;

    // Guava makes room within the step that has taken too much.
    assertThat(most).isLessThanOrEqualTo(MOST + 4L * 2_000);
    assertThat(store.size()).isGreaterThan(20_000);
    assertThat(store.bytes()).isBetween(MOST / 2, MOST);
    assertThat(taken).as("the JVM's own count").isLessThanOrEqualTo(MOST);
    assertThat(store.get(key(999_999))).isNotNull();
    assertThat(store.get(key(0))).isNull();
  }

  @Test
  void what_is_replaced_or_removed_counts_no_more() {
    store.put(key(1), response(1_000));
    long one = store.bytes();
    KeptResponse second = response(1_000);
    store.put(key(1), second);
    assertThat(store.bytes()).isEqualTo(one);
    store.remove(key(1), response(1_000));
    assertThat(store.bytes()).as("another one is there").isEqualTo(one);
    store.remove(key(1), second);
    assertThat(store.bytes()).isZero();
    store.put(key(1), response((int) MOST / 16));
    assertThat(store.size()).as("too large").isZero();
  }

  @Test
  void another_bound_counts_at_once() {
    for (int i = 0; i < 10_000; i++) {
      store.put(key(i), response(1_000));
    }
    assertThat(store.size()).isEqualTo(10_000);
    store.bound(MOST * 2);
    assertThat(store.size()).isEqualTo(10_000);
    store.bound(1 << 20);
    assertThat(store.bytes()).isBetween(1L << 18, 1L << 20);
    assertThat(store.mostBytes()).isEqualTo(1 << 20);
  }
}
