package io.meshagent.grpc.base;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class IdentityCacheTest {

  private final AtomicInteger made = new AtomicInteger();
  private final IdentityCache<Object, Integer> cache = new IdentityCache<>();

  private int get(Object key) {
    Integer known = cache.find(key);
    return known != null ? known : cache.add(key, made.incrementAndGet());
  }

  @Test
  void the_first_value_stands() {
    Object key = new Object();
    assertThat(cache.find(key)).isNull();
    assertThat(cache.add(key, 1)).isEqualTo(1);
    assertThat(cache.add(key, 2)).isEqualTo(1);
    assertThat(cache.find(key)).isEqualTo(1);
  }

  @Test
  void makes_a_value_once_for_each_object() {
    List<Object> keys = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      keys.add(new Object());
      get(keys.get(i));
    }
    for (int i = 0; i < 1_000; i++) {
      assertThat(get(keys.get(i))).isEqualTo(i + 1);
    }
    assertThat(made).hasValue(1_000);
  }

  @Test
  void tells_equal_objects_apart() {
    String one = String.valueOf(new char[] {97});
    String other = String.valueOf(new char[] {97});
    assertThat(get(one)).isNotEqualTo(get(other));
  }

  @Test
  void goes_on_without_keeping_when_there_are_too_many() {
    List<Object> keys = new ArrayList<>();
    for (int i = 0; i < 9_000; i++) {
      keys.add(new Object());
      get(keys.get(i));
    }
    int before = made.get();
    assertThat(get(keys.get(8_999))).isEqualTo(before + 1);
    assertThat(before).as("at most one for each").isLessThanOrEqualTo(9_000);
    assertThat(get(keys.get(0))).isEqualTo(1);
  }
}
