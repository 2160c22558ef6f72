package io.meshagent.core.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class PropertiesTextTest {

  private static List<String> parse(String text) {
    return PropertiesText.parse(text).stream()
        .map(entry -> entry.line + "|" + entry.key + "|" + entry.value)
        .collect(Collectors.toList());
  }

  @Test
  void keys_and_values_are_separated_by_the_first_equals_sign_or_colon() {
    assertThat(parse("a=b\nc : d\n\n e = f=g:h \ni=\n=j"))
        .containsExactly("1|a|b", "2|c|d", "4|e|f=g:h", "5|i|", "6||j");
  }

  @Test
  void what_follows_a_blank_in_a_key_is_not_kept() {
    assertThat(parse("etcd.password s3cr=et\netcd.password s3cret\netcd.password\ts3:cret"))
        .containsExactly("1|etcd.password|null", "2|etcd.password|null", "3|etcd.password|null");
  }

  @Test
  void comments_and_a_byte_order_mark_are_skipped() {
    assertThat(parse("\uFEFFa=1\n# x=y\n  ! x=y\nb=#2")).containsExactly("1|a|1", "4|b|#2");
  }

  @Test
  void a_backslash_at_the_end_goes_on_in_the_next_line_and_means_nothing_elsewhere() {
    assertThat(parse("a=b,\\\n   c,\\\r\n d\ne=C:\\x\\y\nf=z\\"))
        .containsExactly("1|a|b,c,d", "4|e|C:\\x\\y", "5|f|z");
    assertThat(parse("a=b\\\\\nc=d")).containsExactly("1|a|b\\\\", "2|c|d");
  }

  @Test
  void a_comment_is_not_continued() {
    assertThat(parse("# a \\\nb=1")).containsExactly("2|b|1");
  }

  @Test
  void a_line_without_separator_has_no_value() {
    assertThat(parse("lonely")).containsExactly("1|lonely|null");
  }

  @Test
  void all_three_kinds_of_line_ends_count_the_same() {
    assertThat(parse("a=1\rb=2\r\nc=3\nd=4")).containsExactly("1|a|1", "2|b|2", "3|c|3", "4|d|4");
  }
}
