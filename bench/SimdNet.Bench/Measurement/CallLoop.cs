using System;
using System.Diagnostics;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace SimdNet.Bench.Measurement;

/// <summary>Times calls of one method of a benchmark class, less what calling a method costs.</summary>
internal abstract class CallLoop
{
    /// <summary>Calls in the body of a loop, so that the loop itself weighs nothing.</summary>
    private const int Unroll = 8;

    /// <summary>Nanoseconds that <paramref name="calls"/> calls took, with the cost of calling.</summary>
    public virtual double Time(long calls)
    {
        long start = Stopwatch.GetTimestamp();
        Run(calls);
        return Stopwatch.GetElapsedTime(start).TotalNanoseconds;
    }

    /// <summary>The same for a method of the same kind that does nothing.</summary>
    public double TimeIdle(long calls)
    {
        long start = Stopwatch.GetTimestamp();
        RunIdle(calls);
        return Stopwatch.GetElapsedTime(start).TotalNanoseconds;
    }

    /// <summary>The method on an instance of its class.</summary>
    public static CallLoop Of(object instance, MethodInfo method) => instance is IReportsTime ? new Report(method.CreateDelegate<Func<double>>(instance)) : method.ReturnType == typeof(void)
        ? new Statement(method.CreateDelegate<Action>(instance))
        : (CallLoop)Activator.CreateInstance(typeof(Expression<>).MakeGenericType(method.ReturnType), method.CreateDelegate(typeof(Func<>).MakeGenericType(method.ReturnType), instance))!;

    /// <summary>Whether the method itself says what it measured.</summary>
    public virtual bool IsReport => false;

    protected abstract void Run(long calls);

    protected abstract void RunIdle(long calls);

    private sealed class Report(Func<double> method) : CallLoop
    {
        public override bool IsReport => true;

        public override double Time(long calls)
        {
            double sum = 0;
            for (long call = 0; call < calls; call++)
            {
                sum += method();
            }

            return sum;
        }

        protected override void Run(long calls) => Time(calls);

        protected override void RunIdle(long calls)
        {
        }
    }

    private sealed class Statement(Action method) : CallLoop
    {
        protected override void Run(long calls) => Loop(method, calls);

        protected override void RunIdle(long calls) => Loop(Idle, calls);

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private static void Loop(Action method, long calls)
        {
            for (; calls >= Unroll; calls -= Unroll)
            {
                method();
                method();
                method();
                method();
                method();
                method();
                method();
                method();
            }

            for (; calls > 0; calls--)
            {
                method();
            }
        }

        [MethodImpl(MethodImplOptions.NoInlining)]
        private void Idle()
        {
        }
    }

    /// <typeparam name="TResult">What the method returns. Nobody looks at it, yet a call through a delegate is never left out.</typeparam>
    private sealed class Expression<TResult>(Func<TResult> method) : CallLoop
    {
        protected override void Run(long calls) => Loop(method, calls);

        protected override void RunIdle(long calls) => Loop(Idle, calls);

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private static void Loop(Func<TResult> method, long calls)
        {
            for (; calls >= Unroll; calls -= Unroll)
            {
                method();
                method();
                method();
                method();
                method();
                method();
                method();
                method();
            }

            for (; calls > 0; calls--)
            {
                method();
            }
        }

        [MethodImpl(MethodImplOptions.NoInlining)]
        private TResult Idle() => default!;
    }
}
