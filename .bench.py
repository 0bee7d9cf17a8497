import time, numpy as np
from lmbook.derivation.language import *
from lmbook.derivation.sampling import *
from lmbook.derivation.worlds import *
import sys
B=sys.argv[1]
K,N,Dm,Hd=dim("K"),dim("N"),dim("D"),dim("H"); i,j,k,l=indices("i j k l",K); n,m=indices("n m",N); d,=indices("d",Dm)
z,y,s=tensor("z",K),tensor("y",K),tensor("s",K); L=scalar("L")
defs={s:((i,),exp(z[i])/total(l,exp(z[l]))),L.tensor:((),-total(l,y[l]*log(s[l])))}
lines=[D(L,z[j]),-total(l,y[l]/s[l]*D(s[l],z[j])),-total(l,y[l]*(delta(l,j)-s[j])),-y[j]+s[j]*total(l,y[l]),s[j]-y[j]]
rng=np.random.default_rng(0)
h,g=indices("h g",Hd)
X,W,V,Y=tensor("X",N,Dm),tensor("W",Hd,Dm),tensor("V",K,Hd),tensor("Y",N,K)
A,Z,J=tensor("A",N,Hd),tensor("Z",N,K),scalar("J")
d2={A:((n,h),relu(total(d,X[n,d]*W[h,d]))),Z:((n,k),total(h,A[n,h]*V[k,h])),J.tensor:((),total(n,total(k,(Z[n,k]-Y[n,k])**2))/N)}
lines2=[D(J,W[h,d]),total(n,total(k,D(J,Z[n,k])*V[k,h])*step(total(e:=index("e",Dm),X[n,e]*W[h,e]))*X[n,d]),
 total(n,total(k,D(J,Z[n,k])*D(Z[n,k],A[n,h]))*D(A[n,h],W[h,d])), D(A[n,h],W[g,d]),
 total(n,D(J,A[n,h])*D(A[n,h],W[h,d]))]
def run(lines,defs,sizes,reps=20):
    t=time.perf_counter()
    for _ in range(reps):
        w=draw(lines,defs,rng=rng,sizes=sizes,backend=B)
        for a,b in zip(lines,lines[1:]): compare(a,b,w)
    return (time.perf_counter()-t)/reps*1e3
for sz in (1,2,3,4): print(B,"softmax",sz,run(lines,defs,{K:sz}),"ms")
for sz in (1,2,3): print(B,"mlp",sz,run(lines2,d2,{K:sz,N:sz,Dm:sz,Hd:sz},5),"ms")
w=draw(lines2,d2,rng=rng,sizes={K:2,N:3,Dm:4,Hd:2},backend=B)
print([compare(a,b,w).difference for a,b in ((lines2[0],lines2[1]),(lines2[0],lines2[2]),(lines2[0],lines2[4]))])
t=time.perf_counter(); print(counterexample(lines2[0],lines2[2],d2,rng=rng,backend=B)); print("none in",time.perf_counter()-t)
t=time.perf_counter(); print(counterexample(lines2[0],lines2[4]*(1+Hd)/(1+Dm),d2,rng=rng,backend=B)); print("found in",time.perf_counter()-t)
