package io.meshagent.core.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class AgentThreadsTest {

  @Test
  void takes_over_nothing_of_the_thread_that_makes_it() throws InterruptedException {
    InheritableThreadLocal<String> local = new InheritableThreadLocal<>();
    AtomicReference<String> seen = new AtomicReference<>("not run");
    AtomicReference<Thread> made = new AtomicReference<>();
    ThreadGroup group = new ThreadGroup("of the program");
    Thread maker =
        new Thread(
            group,
            () -> {
              local.set("of the program");
              made.set(AgentThreads.newThread("test", () -> seen.set(local.get())));
            });
    maker.start();
    maker.join();
    Thread thread = made.get();
    assertThat(thread.getThreadGroup()).isNotSameAs(group);
    assertThat(thread.getThreadGroup().getParent()).isNull();
    assertThat(thread.isDaemon()).isTrue();
    assertThat(thread.getContextClassLoader()).isSameAs(AgentThreads.class.getClassLoader());
    thread.start();
    thread.join();
    assertThat(seen).hasValue(null);
  }
}
