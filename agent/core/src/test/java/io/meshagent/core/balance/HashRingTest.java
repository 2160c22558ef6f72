package io.meshagent.core.balance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class HashRingTest {

  private static final int KEYS = 100_000;

  private static String[] names(int count) {
    return IntStream.range(0, count).mapToObj(i -> "10.0.0." + i + ":50051").toArray(String[]::new);
  }

  private static double[] ones(int count) {
    double[] ones = new double[count];
    Arrays.fill(ones, 1);
    return ones;
  }

  @Test
  void when_one_of_a_hundred_goes_its_keys_move_and_no_other() {
    String[] before = names(100);
    String[] after = Arrays.copyOf(before, 99);
    HashRing all = new HashRing(before, ones(100));
    HashRing fewer = new HashRing(after, ones(99));
    for (int i = 0; i < KEYS; i++) {
      int owner = all.find("key-" + i);
      if (owner != 99) {
        assertThat(fewer.find("key-" + i)).isEqualTo(owner);
      }
    }
  }

  @Test
  void shares_are_about_those_of_the_weights() {
    double[] weights = {1, 2, 4};
    HashRing ring = new HashRing(names(3), weights);
    int[] keys = new int[3];
    for (int i = 0; i < KEYS; i++) {
      keys[ring.find("key-" + i)]++;
    }
    for (int i = 0; i < 3; i++) {
      assertThat(keys[i] / (KEYS * weights[i] / 7)).isBetween(0.75, 1.25);
    }
  }

  @Test
  void the_order_of_the_instances_does_not_matter() {
    String[] names = names(7);
    String[] turned = names.clone();
    java.util.Collections.reverse(Arrays.asList(turned));
    HashRing one = new HashRing(names, ones(7));
    HashRing other = new HashRing(turned, ones(7));
    for (int i = 0; i < 1_000; i++) {
      assertThat(turned[other.find("key-" + i)]).isEqualTo(names[one.find("key-" + i)]);
    }
  }

  @Test
  void ten_thousand_have_each_a_share() {
    HashRing ring = new HashRing(names(10_000), ones(10_000));
    boolean[] met = new boolean[10_000];
    for (int i = 0; i < 10 * KEYS; i++) {
      met[ring.find("key-" + i)] = true;
    }
    int missed = 0;
    for (boolean one : met) {
      missed += one ? 0 : 1;
    }
    assertThat(missed).isLessThan(5);
  }
}
