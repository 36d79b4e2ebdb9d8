using System;
using System.Collections.Generic;
using System.Linq;
using System.Linq.Expressions;
using System.Reflection;

namespace SimdNet.Tests.HostileCalls;

/// <summary>A public method, constructor or setter, called with arguments that nobody should pass.</summary>
/// <remarks>
/// Spans cannot go through reflection: each call is compiled, with arrays that turn into spans on the way. What a method may do is return, or throw one of the exceptions that the library documents;
/// where it throws one, nothing that it was given has changed, but for a training whose numbers became NaN or infinite.
/// </remarks>
internal sealed class HostileCall
{
    private readonly MethodBase _method;
    private readonly HostileArguments _arguments;
    private readonly Type[] _types;
    private readonly HashSet<int> _repetitions = [];
    private readonly Action<object?[]> _call;

    private HostileCall(MethodBase method, HostileArguments arguments)
    {
        _method = method;
        _arguments = arguments;
        List<Type> types = [];
        ParameterExpression values = Expression.Parameter(typeof(object?[]));
        List<ParameterExpression> locals = [];
        List<Expression> body = [];
        Expression? instance = null;
        if (method is MethodInfo { IsStatic: false })
        {
            types.Add(method.DeclaringType!);
            instance = Argument(values, 0, method.DeclaringType!);
        }

        List<Expression> given = [];
        foreach (System.Reflection.ParameterInfo parameter in method.GetParameters())
        {
            Type type = parameter.ParameterType.IsByRef ? parameter.ParameterType.GetElementType()! : parameter.ParameterType;
            types.Add(type);
            if (parameter.Name is "trials")
            {
                _repetitions.Add(types.Count - 1);
            }

            Expression argument = Argument(values, types.Count - 1, type);
            if (parameter.ParameterType.IsByRef)
            {
                ParameterExpression local = Expression.Variable(type);
                locals.Add(local);
                body.Add(Expression.Assign(local, argument));
                argument = local;
            }

            given.Add(argument);
        }

        _types = [.. types];
        body.Add(method is ConstructorInfo constructor ? Expression.New(constructor, given) : Expression.Call(instance, (MethodInfo)method, given));
        body.Add(Expression.Empty());
        _call = Expression.Lambda<Action<object?[]>>(Expression.Block(typeof(void), locals, body), values).Compile();
    }

    /// <summary>The method as a reader of the documentation knows it.</summary>
    public string Name => $"{_method.DeclaringType!.Name}.{_method.Name}({string.Join(", ", _method.GetParameters().Select(parameter => $"{parameter.ParameterType.Name} {parameter.Name}"))})";

    /// <summary>Every public method, constructor and setter of a type, generic ones for float.</summary>
    public static List<HostileCall> Of(Type type, HostileArguments arguments)
    {
        Type closed = type.IsGenericTypeDefinition ? type.MakeGenericType(Array.ConvertAll(type.GetGenericArguments(), _ => typeof(float))) : type;
        List<HostileCall> calls = [];
        IEnumerable<MethodBase> methods = closed.GetMethods(BindingFlags.Public | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly).Where(method => !IsGenerated(method));
        IEnumerable<MethodBase> constructors = closed.IsAbstract ? [] : closed.GetConstructors();
        foreach (MethodBase method in methods.Concat(constructors))
        {
            MethodBase plain = method is MethodInfo { IsGenericMethodDefinition: true } generic
                ? generic.MakeGenericMethod(Array.ConvertAll(generic.GetGenericArguments(), _ => typeof(float)))
                : method;
            calls.Add(new HostileCall(plain, arguments));
        }

        return calls;
    }

    /// <summary>What is wrong with the method's behaviour; empty where nothing is.</summary>
    /// <param name="random">Chooses the combinations.</param>
    /// <param name="combinations">How many of them, beside each hostile argument among sound ones.</param>
    public IEnumerable<string> Faults(Random random, int combinations)
    {
        object?[][] candidates = Array.ConvertAll(_types, type => _arguments.CountOf(type) is int count ? new object?[count] : []);
        if (Array.Exists(candidates, list => list.Length == 0))
        {
            // What the library alone makes has no hostile form.
            Type unknown = _types[Array.FindIndex(candidates, list => list.Length == 0)];
            if (unknown.GetConstructors().Length > 0 && !unknown.IsAbstract)
            {
                yield return $"{Name}: nothing is known about its argument of {unknown}";
            }

            yield break;
        }

        HashSet<string> seen = [];
        foreach (int[] choice in Choices(candidates, random, combinations))
        {
            object?[] values = new object?[_types.Length];
            for (int i = 0; i < values.Length; i++)
            {
                object? value = HostileArguments.Own(_arguments.Make(_types[i], choice[i]));

                // Work that is asked for is done: two thousand million trainings would be.
                values[i] = _repetitions.Contains(i) ? Math.Min((int)value!, 2) : value;
            }

            // A method of nothing is not called.
            if (_method is MethodInfo { IsStatic: false } && values[0] is null)
            {
                continue;
            }

            string before = HostileArguments.Contents(values);
            Exception? error = null;
            try
            {
                _call(values);
            }
            catch (Exception thrown)
            {
                error = thrown;
            }

            string? fault = error is null ? null
                : !IsDocumented(error) ? $"{error.GetType().Name}: {error.Message} {error.StackTrace?.Split('\n')[0].Trim()}"
                : error is not NonFiniteException && HostileArguments.Contents(values) != before ? $"writes before it throws: {error.Message}"
                : error.Message.Length == 0 ? "throws without a word"
                : null;
            if (fault is not null && seen.Add(fault))
            {
                yield return $"{Name}: with {string.Join(", ", values.Select(HostileArguments.Describe))}: {fault}";
            }
        }
    }

    private static bool IsDocumented(Exception error) => !IsForeign(error)
        && error is ArgumentException or InvalidOperationException or System.ComponentModel.Win32Exception or FormatException or System.IO.IOException or NotSupportedException or NonFiniteException or OperationCanceledException or KeyNotFoundException;

    /// <summary>Thrown by a library that one of ours stands on: it names arguments that nobody here has given. What was compiled into the call itself has an assembly without a file.</summary>
    private static bool IsForeign(Exception error) => error.TargetSite?.Module.Assembly is { IsDynamic: false } assembly
        && assembly.GetName().Name is { } name
        && !name.StartsWith("System.", StringComparison.Ordinal)
        && !name.StartsWith("SimdNet", StringComparison.Ordinal);

    /// <summary>Members that the compiler wrote, and those of object.</summary>
    private static bool IsGenerated(MethodInfo method) =>
        method.Name.Contains('<', StringComparison.Ordinal) || method.Name is "Equals" or "GetHashCode" or "ToString" or "Deconstruct" or "op_Equality" or "op_Inequality" or "PrintMembers" || method.IsAbstract;

    private static IEnumerable<int[]> Choices(object?[][] candidates, Random random, int combinations)
    {
        yield return new int[candidates.Length];
        for (int i = 0; i < candidates.Length; i++)
        {
            for (int j = 1; j < candidates[i].Length; j++)
            {
                int[] choice = new int[candidates.Length];
                choice[i] = j;
                yield return choice;
            }
        }

        for (int i = 0; i < (candidates.Length > 1 ? combinations : 0); i++)
        {
            yield return Array.ConvertAll(candidates, list => random.Next(3) == 0 ? 0 : random.Next(list.Length));
        }
    }

    /// <summary>The value at a place of the array, as the parameter's type: arrays become spans, memory and tensors.</summary>
    private static Expression Argument(Expression values, int index, Type type)
    {
        Expression value = Expression.ArrayIndex(values, Expression.Constant(index));
        if (!type.IsGenericType || HostileArguments.ElementOf(type) is not Type element)
        {
            return Expression.Convert(value, type);
        }

        Type array = element.MakeArrayType();
        Expression elements = Expression.Convert(value, array);
        MethodInfo? conversion = type.GetMethods(BindingFlags.Public | BindingFlags.Static).FirstOrDefault(method => method.Name == "op_Implicit" && method.GetParameters()[0].ParameterType == array && method.ReturnType == type);
        return conversion is not null ? Expression.Call(conversion, elements) : Expression.New(type.GetConstructor([array])!, elements);
    }
}
