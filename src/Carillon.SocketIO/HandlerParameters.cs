using System.Reflection;
using System.Runtime.CompilerServices;

namespace Carillon.SocketIO;

/// <summary>
/// Whether a typed handler's parameters take null, as its source says. Asked only where null came, so that nothing is looked up for other arguments. Unknown, and so
/// taken to be allowed, where the handler was compiled without nullable annotations, or the application was trimmed and does not keep them.
/// </summary>
internal static class HandlerParameters
{
    // What the runtime looks at itself: it throws where the trimmer took the annotations out.
    private static readonly bool AreAnnotationsKept =
        !AppContext.TryGetSwitch("System.Reflection.NullabilityInfoContext.IsSupported", out bool isSupported) || isSupported;

    private static readonly ConditionalWeakTable<MethodInfo, Parameter[]> Known = [];

    private enum Parameter : byte
    {
        TakesNoArgument,
        TakesNull,
        RefusesNull,
    }

    /// <summary>Whether null is no argument for <paramref name="handler"/> at <paramref name="index"/>, counted without the parameters that take none.</summary>
    public static bool RefuseNull(Delegate handler, int index)
    {
        MethodInfo method = handler.Method;
        bool isOpen = !method.IsStatic && handler.Target is null; // Its first argument becomes the object, which is no parameter.
        if (!AreAnnotationsKept || isOpen)
        {
            return false;
        }

        bool isFirstBound = method.IsStatic && handler.Target is not null;
        foreach (Parameter parameter in Known.GetValue(method, Examine).AsSpan(isFirstBound ? 1 : 0))
        {
            if (parameter != Parameter.TakesNoArgument && index-- == 0)
            {
                return parameter == Parameter.RefusesNull;
            }
        }

        return false;
    }

    private static Parameter[] Examine(MethodInfo method)
    {
        var context = new NullabilityInfoContext();
        return [.. method.GetParameters().Select(parameter =>
            parameter.ParameterType == typeof(SocketEvent) || parameter.ParameterType == typeof(CancellationToken) ? Parameter.TakesNoArgument
            : context.Create(parameter).WriteState == NullabilityState.NotNull ? Parameter.RefusesNull
            : Parameter.TakesNull)];
    }
}
