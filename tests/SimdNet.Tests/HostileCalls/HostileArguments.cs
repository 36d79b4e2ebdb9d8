using System;
using System.Collections;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Linq.Expressions;
using System.Numerics.Tensors;
using System.Reflection;
using System.Threading;

using SimdNet.Tests.Support;

namespace SimdNet.Tests.HostileCalls;

/// <summary>For each type of a parameter a sound value, the first, and hostile ones. Objects are made anew for each call, since a call may change them.</summary>
internal sealed class HostileArguments
{
    private const int Inputs = 3;
    private const int Outputs = 2;
    private readonly TemporaryFolder _folder;
    private readonly Dictionary<Type, List<Func<object?>>> _known = [];

    public HostileArguments(TemporaryFolder folder)
    {
        _folder = folder;
        Values<int>(2, 0, -1, 1, 3, 7, int.MaxValue, int.MinValue);
        Values<long>(2, 0, -1, long.MaxValue, long.MinValue);
        Values<ulong>(42, 0, ulong.MaxValue);
        Values<nint>(2, 0, -1, nint.MaxValue, nint.MinValue);
        Values<float>(0.5f, 0, -1, float.NaN, float.PositiveInfinity, float.NegativeInfinity, float.MaxValue, float.Epsilon);
        Values<double>(0.5, 0, 1, -1, double.NaN, double.PositiveInfinity, double.NegativeInfinity, double.MaxValue, double.Epsilon, 1e39);
        Values<bool>(false, true);
        Values<char>(',', '\0', '\n', '"', '\uD800');
        Values<TimeSpan>(TimeSpan.FromMilliseconds(1), TimeSpan.Zero, TimeSpan.MinValue, TimeSpan.MaxValue);
        Values<CancellationToken>(default, new CancellationToken(canceled: true));
        Values<object>(null, "text", 7);
        Texts();
        Parts();
        Objects();
        foreach (Type element in (Type[])[typeof(float), typeof(double), typeof(int), typeof(nint), typeof(byte)])
        {
            _known[element.MakeArrayType()] = Arrays(element);
        }
    }

    /// <summary>How many values there are for a type; null where it is unknown.</summary>
    public int? CountOf(Type type) => ListOf(type)?.Count;

    /// <summary>A value of a type, the first of which is sound.</summary>
    public object? Make(Type type, int index) => ListOf(type)![index]();

    /// <summary>A copy of a record: losses and the like are shared by everybody, and a call may be that of a setter.</summary>
    public static object? Own(object? value) => value?.GetType().GetMethod("<Clone>$") is { } copy ? copy.Invoke(value, null) : value;

    /// <summary>The elements of a span, memory or tensor that is given as an array.</summary>
    public static Type? ElementOf(Type type) => type.IsGenericType && type.GetGenericTypeDefinition() is Type definition
        && (definition == typeof(Span<>) || definition == typeof(ReadOnlySpan<>) || definition == typeof(ReadOnlyMemory<>) || definition == typeof(Memory<>)
            || definition == typeof(TensorSpan<>) || definition == typeof(ReadOnlyTensorSpan<>))
        ? type.GetGenericArguments()[0]
        : null;

    /// <summary>What of the arguments a call could write to, to be compared.</summary>
    public static string Contents(object?[] values) => string.Join('|', values.Select(value => value switch
    {
        float[] floats => string.Join(',', floats.Select(BitConverter.SingleToInt32Bits)),
        Array { Length: > 0 } array when array.GetType().GetElementType()!.IsPrimitive => string.Join(',', array.Cast<object>().Select(item => item is double number ? BitConverter.DoubleToInt64Bits(number) : item)),
        Network<float> network => network.Fingerprint(),
        Trainer<float> trainer => trainer.Fingerprint(),
        _ => "",
    }));

    /// <summary>A value as messages show it.</summary>
    public static string Describe(object? value) => value switch
    {
        null => "null",
        string { Length: > 40 } text => $"\"{text[..40]}…\"",
        string text => $"\"{text}\"",
        float[] floats => $"float[{floats.Length}]{(floats.All(float.IsFinite) ? "" : " with " + floats.First(item => !float.IsFinite(item)).ToString(CultureInfo.InvariantCulture))}",
        Array array => $"{array.GetType().GetElementType()!.Name}[{array.Length}]{(array is int[] integers ? ": " + string.Join(' ', integers) : "")}",
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        Activation or Initializer or NetworkSpec or Metric or Dataset<float> => value.ToString()!,
        _ => value.GetType().Name,
    };

    private List<Func<object?>>? ListOf(Type type)
    {
        if (_known.TryGetValue(type, out List<Func<object?>>? list))
        {
            return list;
        }

        list = ElementOf(type) is Type element ? Arrays(element)
            : Nullable.GetUnderlyingType(type) is Type inner ? ListOf(inner) is { } some ? [.. some, () => null] : null
            : type.IsEnum ? [.. Enum.GetValues(type).Cast<object>().Select(value => (Func<object?>)(() => value)), () => Enum.ToObject(type, 77), () => Enum.ToObject(type, -1)]
            : typeof(Delegate).IsAssignableFrom(type) ? [() => Nothing(type), () => null]
            : typeof(IEnumerable).IsAssignableFrom(type) && type.IsGenericType && type.GetGenericArguments() is [Type item] ? Lists(item)
            : HasPlainConstructor(type) ? WithProperties(() => Activator.CreateInstance(type)!, type)
            : Array.Find(type.IsAbstract ? [] : type.GetConstructors(), constructor => Array.TrueForAll(constructor.GetParameters(), parameter => parameter.ParameterType != type && !parameter.ParameterType.IsByRefLike && ListOf(parameter.ParameterType) is not null)) is { } constructor
            ? WithProperties(() => constructor.Invoke(Array.ConvertAll(constructor.GetParameters(), parameter => Make(parameter.ParameterType, 0))), type)
            : null;
        if (list is not null)
        {
            _known[type] = list;
        }

        return list;
    }

    private static bool HasPlainConstructor(Type type) => !type.IsAbstract && !type.IsByRefLike && (type.IsValueType || type.GetConstructor(Type.EmptyTypes) is not null);

    /// <summary>A record as it is made, and with each of its properties in turn set to what is hostile; null; what refuses is told apart by the setters' own tests.</summary>
    private List<Func<object?>> WithProperties(Func<object> make, Type type)
    {
        List<Func<object?>> list = [() => make()];
        if (!type.IsValueType)
        {
            list.Add(() => null);
        }

        foreach (PropertyInfo property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            // An option that holds options of its kind would never end.
            if (property.SetMethod is not { IsPublic: true } || property.GetIndexParameters().Length > 0 || property.PropertyType == type || property.Name is "Epochs" or "Processors")
            {
                continue;
            }

            for (int i = 0; ListOf(property.PropertyType) is { } values && i < values.Count; i++)
            {
                int index = i;
                list.Add(() =>
                {
                    object made = make();
                    try
                    {
                        property.SetValue(made, values[index]());
                    }
                    catch (TargetInvocationException)
                    {
                        return make();
                    }

                    return made;
                });
            }
        }

        return list;
    }

    private void Texts() => Values<string>(
        _folder.File("made"), null, "", " ", "x", "\0", "\u001b[2J", "2,3:relu,1", "W1", "loss", new string('x', 10_000), "(((((", "relu:::", "softmax(1e999)",
        _folder.Path, _folder.File("none"), Path.Combine(_folder.File("none"), "deeper"));

    private void Parts()
    {
        Known(() => NetworkSpec.Input(Inputs).Dense(4, Activation.Tanh).Dense(Outputs, Activation.Softmax), () => null, () => NetworkSpec.Input(1), () => NetworkSpec.Parse("3,batchnorm,dropout(0.5),1:sigmoid"), () => NetworkSpec.Parse("7,2"));
        Known(() => (Loss)Loss.CrossEntropy, () => null, () => Loss.MeanSquaredError, () => Loss.BinaryCrossEntropy);
        Known(() => (Optimizer)new Sgd { LearningRate = 0.1 }, () => null, () => new Adam(), () => new Lbfgs());
        Known(() => (LayerSpec)new DenseSpec(2), () => null, () => new DropoutSpec(0.5), () => new ResidualSpec(new DenseSpec(7)), () => new CustomLayerSpec(new ParabolaLayer()));
        Known(() => (LearningRateSchedule)LearningRateSchedule.Constant, () => null);
        Known(() => (Metric)new ConfusionMatrix(Outputs), () => null, () => new ConfusionMatrix(7), () => new RocAuc(Outputs, 2));
        Known(() => (Callback<float>)new LambdaCallback<float>(), () => null);
        Known(() => Activation.Tanh, () => Activation.Softmax, () => default(Activation));
        Known(() => Initializer.HeNormal, () => Initializer.Constant(double.MaxValue), () => default(Initializer));
        Known(() => new WorkerTeamOptions(), () => null, () => new WorkerTeamOptions { SpinTime = TimeSpan.Zero });
        Known(() => new WorkerTeam(1), () => null);
        Known(() => (IReadOnlyDictionary<string, string>)new Dictionary<string, string>(), () => null);
        Known(() => (IReadOnlyDictionary<string, double>)new Dictionary<string, double>(), () => null);
        Known(() => ClassWeights.Create(1, 2), () => null, () => ClassWeights.Create(1, 2, 3));
        Known(() => (CustomActivation)new SignedSquare(), () => null);
        Known(() => (CustomLayer)new ParabolaLayer(), () => null);
        Known(() => (Exception)new InvalidOperationException("x"), () => null);
        Known(() => NpyArray.Create<float>([1, 2, 3, 4, 5, 6], 2, 3), () => null, () => NpyArray.Create<int>([1]), () => NpyArray.Create<float>([], 0));
        Known(() => Scaler<float>.Constant(2, Inputs), () => null, () => Scaler<float>.Constant(2, 7));
    }

    private void Objects()
    {
        Known(Network, () => null, () => NetworkSpec.Parse("7,5").Build<float>(), () => NetworkSpec.Parse("3,batchnorm,2").Build<float>());
        Known(() => Trainer(new Sgd()), () => null);
        Known(Data, () => null, Targets, () => new Dataset<float>(new float[14], 7, new int[] { 0, 5 }));
    }

    private static Network<float> Network() => NetworkSpec.Input(Inputs).Dense(4, Activation.Tanh).Dense(Outputs, Activation.Softmax).Build<float>();

    private static Trainer<float> Trainer(Optimizer optimizer) => new(Network(), Loss.CrossEntropy, optimizer);

    private static Dataset<float> Data() => new(new float[] { 1, 2, 3, 4, 5, 6, 7, 8, 9, 1, 1, 1 }, Inputs, new int[] { 0, 1, 1, 0 });

    private static Dataset<float> Targets() => new(new float[] { 1, 2, 3, 4, 5, 6 }, Inputs, new float[] { 0, 1, 1, 0 }, Outputs);

    private void Values<T>(params T?[] values) => _known[typeof(T)] = [.. values.Select(value => (Func<object?>)(() => value))];

    private void Known<T>(params Func<T?>[] makers) => _known[typeof(T)] = [.. makers.Select(make => (Func<object?>)(() => make()))];

    /// <summary>Arrays of many lengths: those that fit a sample, a batch, a vector and a matrix, those that are one off, none at all; and numbers that are not.</summary>
    private static List<Func<object?>> Arrays(Type element)
    {
        List<Func<object?>> list = [];
        foreach (int length in (int[])[6, 0, 1, 2, 3, 4, 5, 7, 12, 100])
        {
            list.Add(() => Filled(element, length, i => i % 2));
        }

        list.Add(() => Filled(element, 6, _ => -1));
        list.Add(() => Filled(element, 3, _ => int.MaxValue));
        list.Add(() => null);
        if (element == typeof(float))
        {
            foreach (float bad in (float[])[float.NaN, float.PositiveInfinity, float.MaxValue])
            {
                list.Add(() => (float[])[0, 1, 0, bad, 1, 0]);
                list.Add(() => (float[])[0, bad, 1]);
            }
        }
        else if (element == typeof(double))
        {
            list.Add(() => (double[])[0, double.NaN, 1]);
            list.Add(() => (double[])[double.PositiveInfinity]);
        }

        return list;
    }

    private static Array Filled(Type element, int length, Func<int, int> value)
    {
        Array array = Array.CreateInstance(element, length);
        for (int i = 0; i < length; i++)
        {
            object item = element == typeof(nint) ? (nint)value(i) : element.IsPrimitive ? Convert.ChangeType(value(i) & (element == typeof(byte) ? 0xFF : -1), element, CultureInfo.InvariantCulture) : null!;
            array.SetValue(item, i);
        }

        return array;
    }

    /// <summary>Lists of what there is for an item, with and without null among them.</summary>
    private List<Func<object?>>? Lists(Type item)
    {
        if (ListOf(item) is not { } items)
        {
            return null;
        }

        List<Func<object?>> list = [() => ListOfItems(item, 0, 0), () => null, () => ListOfItems(item), () => ListOfItems(item, [.. Enumerable.Repeat(0, 1_000)])];
        for (int i = 0; i < Math.Min(items.Count, 12); i++)
        {
            int index = i;
            list.Add(() => ListOfItems(item, index));
            list.Add(() => ListOfItems(item, 0, index));
        }

        return list;
    }

    private Array ListOfItems(Type item, params int[] indices)
    {
        Array array = Array.CreateInstance(item, indices.Length);
        for (int i = 0; i < indices.Length; i++)
        {
            array.SetValue(Make(item, indices[i]), i);
        }

        return array;
    }

    /// <summary>A delegate that takes anything and returns nothing, or the default.</summary>
    private static Delegate Nothing(Type type)
    {
        MethodInfo invoke = type.GetMethod("Invoke")!;
        ParameterExpression[] parameters = Array.ConvertAll(invoke.GetParameters(), parameter => Expression.Parameter(parameter.ParameterType));
        return Expression.Lambda(type, Expression.Default(invoke.ReturnType), parameters).Compile();
    }
}
