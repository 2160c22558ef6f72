package com.example.skywalking;

import io.grpc.Metadata;
import java.lang.reflect.Method;
import org.apache.skywalking.apm.agent.core.context.CarrierItem;
import org.apache.skywalking.apm.agent.core.context.ContextCarrier;
import org.apache.skywalking.apm.agent.core.context.ContextManager;
import org.apache.skywalking.apm.agent.core.context.trace.AbstractSpan;
import org.apache.skywalking.apm.agent.core.context.trace.SpanLayer;
import org.apache.skywalking.apm.agent.core.plugin.interceptor.enhance.EnhancedInstance;
import org.apache.skywalking.apm.agent.core.plugin.interceptor.enhance.InstanceMethodsAroundInterceptor;
import org.apache.skywalking.apm.agent.core.plugin.interceptor.enhance.MethodInterceptResult;

/** An exit span of SkyWalking's for a call, and its headers. Thread-safe. */
public final class StartInterceptor implements InstanceMethodsAroundInterceptor {

  @Override
  public void beforeMethod(
      EnhancedInstance call, Method start, Object[] args, Class<?>[] types, MethodInterceptResult r) {
    ContextCarrier carrier = new ContextCarrier();
    AbstractSpan span = ContextManager.createExitSpan("call", carrier, "peer");
    span.setLayer(SpanLayer.RPC_FRAMEWORK);
    Metadata headers = (Metadata) args[1];
    for (CarrierItem item = carrier.items(); item.hasNext(); ) {
      item = item.next();
      headers.put(
          Metadata.Key.of(item.getHeadKey(), Metadata.ASCII_STRING_MARSHALLER),
          item.getHeadValue());
    }
    System.out.println("exit span in " + call.getClass().getClassLoader().getClass().getName());
  }

  @Override
  public Object afterMethod(
      EnhancedInstance call, Method start, Object[] args, Class<?>[] types, Object result) {
    ContextManager.stopSpan();
    return result;
  }

  @Override
  public void handleMethodException(
      EnhancedInstance call, Method start, Object[] args, Class<?>[] types, Throwable thrown) {
    ContextManager.activeSpan().log(thrown);
  }
}
