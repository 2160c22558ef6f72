package io.meshagent.grpc.base;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class HealthMessagesTest {

  private static int status(int... bytes) throws IOException {
    byte[] message = new byte[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      message[i] = (byte) bytes[i];
    }
    return HealthMessages.status(new ByteArrayInputStream(message));
  }

  @Test
  void a_request_names_the_service_in_field_1() throws IOException {
    assertThat(HealthMessages.request("a.B").readAllBytes()).containsExactly(10, 3, 'a', '.', 'B');
    assertThat(HealthMessages.request("").readAllBytes()).isEmpty();
    assertThat(HealthMessages.request("x".repeat(300)).readAllBytes())
        .hasSize(303)
        .startsWith(10, 0xac, 2);
  }

  @Test
  void a_response_has_its_status_in_field_1() throws IOException {
    assertThat(status()).isZero();
    assertThat(status(8, 1)).isEqualTo(1);
    assertThat(status(8, 2)).isEqualTo(2);
  }

  @Test
  void fields_that_came_later_are_skipped() throws IOException {
    assertThat(
            status(
                0x12, 2, 8, 1, 0x18, 0x80, 1, 0x21, 1, 2, 3, 4, 5, 6, 7, 8, 0x2d, 1, 2, 3, 4, 8, 2))
        .isEqualTo(2);
  }

  @Test
  void what_is_no_such_message_is_refused() {
    assertThatThrownBy(() -> status(8)).isInstanceOf(IOException.class);
    assertThatThrownBy(() -> status(8, 0x80)).isInstanceOf(IOException.class);
    assertThatThrownBy(() -> status(0x12, 9, 1)).isInstanceOf(IOException.class);
    assertThatThrownBy(() -> status(0x0b)).isInstanceOf(IOException.class);
  }
}
