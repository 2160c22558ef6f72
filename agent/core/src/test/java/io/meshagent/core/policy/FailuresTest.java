package io.meshagent.core.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshagent.core.api.Code;
import io.meshagent.core.policy.Failures.Kind;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class FailuresTest {

  @ParameterizedTest
  @CsvSource({
    "OK, HEALTHY",
    "CANCELLED, LOCAL",
    "UNKNOWN, HEALTHY",
    "INVALID_ARGUMENT, HEALTHY",
    "DEADLINE_EXCEEDED, SERVER",
    "NOT_FOUND, HEALTHY",
    "ALREADY_EXISTS, HEALTHY",
    "PERMISSION_DENIED, HEALTHY",
    "RESOURCE_EXHAUSTED, OVERLOAD",
    "FAILED_PRECONDITION, HEALTHY",
    "ABORTED, HEALTHY",
    "OUT_OF_RANGE, HEALTHY",
    "UNIMPLEMENTED, HEALTHY",
    "INTERNAL, HEALTHY",
    "UNAVAILABLE, SERVER",
    "DATA_LOSS, SERVER",
    "UNAUTHENTICATED, HEALTHY"
  })
  void what_a_code_says_of_the_server(Code code, Kind kind) {
    assertThat(Failures.kindOf(code, false)).isEqualTo(kind);
  }

  @ParameterizedTest
  @EnumSource(Code.class)
  void our_own_refusal_says_nothing_of_the_server(Code code) {
    assertThat(Failures.kindOf(code, true)).isEqualTo(Kind.LOCAL);
  }
}
