package io.meshagent.grpc.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.MethodDescriptor;
import io.grpc.ServerCallHandler;
import io.grpc.ServerMethodDefinition;
import io.meshagent.core.api.Side;
import io.meshagent.core.call.CallPlan;
import io.meshagent.grpc.base.MethodPlans;
import io.meshagent.grpc.base.TestMethods;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** A method is governed once, not for every call, and never by what was made for another one. */
class GovernedMethodsTest {

  private final List<CallPlan> plans = new ArrayList<>();

  private ServerCalls calls(Function<String, CallPlan> source) {
    return new ServerCalls(
        null,
        new MethodPlans(
            (side, method, kind) -> {
              plans.add(source.apply(method));
              return plans.get(plans.size() - 1);
            }),
        null);
  }

  private static MethodDescriptor<String, String> method() {
    return TestMethods.unary("a.B/C");
  }

  private static ServerMethodDefinition<String, String> definition(
      MethodDescriptor<String, String> method) {
    ServerCallHandler<String, String> handler = (call, headers) -> null;
    return ServerMethodDefinition.create(method, handler);
  }

  @Test
  void is_made_once_for_a_definition_and_again_for_another_plan() {
    ServerCalls calls = calls(name -> new CallPlan(Side.SERVER, name, null));
    ServerMethodDefinition<String, String> programs = definition(method());
    Object first = calls.governed(programs);
    assertThat(calls.governed(programs)).isSameAs(first).isNotSameAs(programs);

    plans.get(0).letGo();
    Object second = calls.governed(programs);
    assertThat(second).isNotSameAs(first);
    assertThat(calls.governed(programs)).isSameAs(second);
  }

  @Test
  void two_servers_of_one_method_keep_their_handlers() {
    ServerCalls calls = calls(name -> new CallPlan(Side.SERVER, name, null));
    MethodDescriptor<String, String> method = method();
    ServerMethodDefinition<String, String> one = definition(method);
    ServerMethodDefinition<String, String> other = definition(method);
    assertThat(calls.governed(one)).isNotSameAs(calls.governed(other));
    assertThat(calls.governed(one)).isSameAs(calls.governed(one));
  }

  @Test
  void what_callers_may_have_made_up_is_not_kept_and_what_is_left_alone_stays() {
    ServerMethodDefinition<String, String> programs = definition(method());
    ServerCalls forOne = calls(name -> CallPlan.forOneCall(Side.SERVER, name, null));
    assertThat(forOne.governed(programs)).isNotSameAs(forOne.governed(programs));
    assertThat(calls(name -> null).governed(programs)).isNull();
  }
}
