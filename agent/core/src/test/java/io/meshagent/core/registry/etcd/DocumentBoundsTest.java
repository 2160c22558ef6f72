package io.meshagent.core.registry.etcd;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshagent.core.registry.Registry.WrittenDocument;
import io.meshagent.core.registry.etcd.client.EtcdEntry;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** More documents than a program keeps: which of them count does not hang on when they came. */
class DocumentBoundsTest {

  private static final String PREFIX = "/mesh/policies/";

  /** What was told last. */
  private Map<String, WrittenDocument> told;

  private final EtcdDocuments documents = new EtcdDocuments(PREFIX, (all, listed) -> told = all);

  private static String name(int number) {
    return "d" + (1_000 + number);
  }

  private static EtcdEntry entry(int number) {
    return new EtcdEntry(PREFIX + name(number), "faults=off", 0, 10 + number);
  }

  private static EtcdEntry deleted(int number) {
    return new EtcdEntry(PREFIX + name(number), null, 0, 5_000 + number);
  }

  private static List<EtcdEntry> entries(int from, int to) {
    List<EtcdEntry> entries = new ArrayList<>();
    for (int i = from; i < to; i++) {
      entries.add(entry(i));
    }
    return entries;
  }

  private void list(List<EtcdEntry> entries) {
    documents.beginList();
    documents.listed(entries);
    documents.endList();
  }

  private Set<String> afterChange() {
    assertThat(documents.endOfChanges()).isTrue();
    documents.tell();
    return told.keySet();
  }

  @Test
  void the_first_by_name_count_however_they_came() {
    list(entries(0, 300));
    Set<String> listed = told.keySet();
    assertThat(listed).hasSize(256).contains(name(0), name(255)).doesNotContain(name(256));

    EtcdDocuments other = new EtcdDocuments(PREFIX, (all, whole) -> told = all);
    other.beginList();
    other.endList();
    List<EtcdEntry> turned = new ArrayList<>(entries(0, 300));
    Collections.reverse(turned);
    turned.forEach(other::put);
    other.tell();
    assertThat(told.keySet()).isEqualTo(listed);
    assertThat(other.isFull()).isTrue();
  }

  @Test
  void one_that_comes_between_takes_the_place_of_the_last() {
    list(entries(1, 257));
    assertThat(documents.isFull()).isFalse();
    documents.put(entry(0));
    assertThat(afterChange()).hasSize(256).contains(name(0)).doesNotContain(name(256));
    documents.put(entry(7));
    assertThat(afterChange()).as("that is there already").hasSize(256).contains(name(255));
    documents.put(entry(400));
    assertThat(afterChange()).hasSize(256).doesNotContain(name(400));
  }

  @Test
  void one_that_was_left_out_comes_in_by_a_list_when_there_is_room() {
    list(entries(0, 257));
    assertThat(documents.isFull()).as("so that a list is asked for").isTrue();
    documents.deleted(deleted(3));
    assertThat(afterChange()).hasSize(255);

    List<EtcdEntry> left = entries(0, 257);
    left.remove(3);
    list(left);
    assertThat(told.keySet()).hasSize(256).contains(name(256));
    assertThat(documents.isFull()).isFalse();
  }
}
