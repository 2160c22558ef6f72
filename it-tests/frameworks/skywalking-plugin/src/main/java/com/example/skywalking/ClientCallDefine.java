package com.example.skywalking;

import static org.apache.skywalking.apm.agent.core.plugin.match.NameMatch.byName;
import static org.apache.skywalking.apm.dependencies.net.bytebuddy.matcher.ElementMatchers.named;

import org.apache.skywalking.apm.agent.core.plugin.interceptor.ConstructorInterceptPoint;
import org.apache.skywalking.apm.agent.core.plugin.interceptor.InstanceMethodsInterceptPoint;
import org.apache.skywalking.apm.agent.core.plugin.interceptor.enhance.ClassInstanceMethodsEnhancePluginDefine;
import org.apache.skywalking.apm.agent.core.plugin.match.ClassMatch;
import org.apache.skywalking.apm.dependencies.net.bytebuddy.description.method.MethodDescription;
import org.apache.skywalking.apm.dependencies.net.bytebuddy.matcher.ElementMatcher;

/** Puts {@link StartInterceptor} around the start of every gRPC call, in every loader. */
public final class ClientCallDefine extends ClassInstanceMethodsEnhancePluginDefine {

  @Override
  protected ClassMatch enhanceClass() {
    return byName("io.grpc.internal.ClientCallImpl");
  }

  @Override
  public ConstructorInterceptPoint[] getConstructorsInterceptPoints() {
    return new ConstructorInterceptPoint[0];
  }

  @Override
  public InstanceMethodsInterceptPoint[] getInstanceMethodsInterceptPoints() {
    return new InstanceMethodsInterceptPoint[] {new Start()};
  }

  private static final class Start implements InstanceMethodsInterceptPoint {
    @Override
    public ElementMatcher<MethodDescription> getMethodsMatcher() {
      return named("start");
    }

    @Override
    public String getMethodsInterceptor() {
      return "com.example.skywalking.StartInterceptor";
    }

    @Override
    public boolean isOverrideArgs() {
      return false;
    }
  }
}
