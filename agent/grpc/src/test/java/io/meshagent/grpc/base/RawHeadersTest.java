package io.meshagent.grpc.base;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Metadata;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class RawHeadersTest {

  private static final String NAME = "traceparent";
  private static final Metadata.Key<String> TEXT = MetadataCall.key(NAME);

  private final Metadata headers = new Metadata();

  private static List<Metadata.Key<byte[]>> keys() {
    return Arrays.asList(RawHeaders.key(NAME), RawHeaders.copying(NAME));
  }

  @Test
  void what_is_written_is_what_others_read() {
    for (Metadata.Key<byte[]> key : keys()) {
      Metadata written = new Metadata();
      written.put(key, "00-a-b-01".getBytes(US_ASCII));
      assertThat(written.get(TEXT)).isEqualTo("00-a-b-01");
      assertThat(written.keys()).containsExactly(NAME);
    }
  }

  @Test
  void what_others_write_is_read_and_the_last_counts() {
    headers.put(TEXT, "first");
    headers.put(TEXT, "last");
    for (Metadata.Key<byte[]> key : keys()) {
      assertThat(headers.get(key)).isEqualTo("last".getBytes(US_ASCII));
      assertThat(new Metadata().get(key)).isNull();
    }
  }

  @Test
  void nothing_is_made_on_the_way() {
    byte[] value = {'0', '0'};
    headers.put(RawHeaders.key(NAME), value);
    assertThat(headers.get(RawHeaders.key(NAME))).isSameAs(value);
    assertThat(RawHeaders.key(NAME)).isSameAs(RawHeaders.key(NAME));
  }
}
